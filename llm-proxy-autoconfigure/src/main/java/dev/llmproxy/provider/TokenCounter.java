package dev.llmproxy.provider;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Tool;

/**
 * Counts tokens as one family of models does. Counting takes time in proportion to the
 * text: who counts on an event loop bounds what is counted. Thread-safe.
 */
public interface TokenCounter {

	/** Tokens of a text by itself. */
	long count(String text);

	/** Tokens of a piece of a message. */
	long count(Part part);

	/** Whether the counts of texts are the model's own, and no estimate. */
	boolean exact();

	/** Tokens that a turn adds to a prompt, what surrounds its text included. */
	long count(Message message);

	/** Tokens that tools add to a prompt. */
	long count(List<Tool> tools);

	/** Tokens of a whole prompt. */
	default long count(ChatRequest request) {
		long tokens = count(request.tools());
		for (Message message : request.messages()) {
			tokens += count(message);
		}
		return tokens;
	}

}
