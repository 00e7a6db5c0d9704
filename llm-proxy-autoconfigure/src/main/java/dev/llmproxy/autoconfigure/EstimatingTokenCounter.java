package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.provider.TokenCounter;
import dev.llmproxy.provider.TokenEstimate;

/** Estimates, where nobody counts. */
final class EstimatingTokenCounter implements TokenCounter {

	private final long empty = count(new Message(Role.USER, List.of()));

	@Override
	public long count(String text) {
		return count(Part.text(text));
	}

	@Override
	public long count(Part part) {
		return count(new Message(Role.USER, List.of(part))) - this.empty;
	}

	@Override
	public boolean exact() {
		return false;
	}

	@Override
	public long count(Message message) {
		return TokenEstimate.of(ChatRequest.builder("").message(message).build());
	}

	@Override
	public long count(List<Tool> tools) {
		return TokenEstimate.of(ChatRequest.builder("").tools(tools).build());
	}

}
