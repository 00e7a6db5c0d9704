package dev.llmproxy.provider;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Tool;

/**
 * A guess at how many tokens a prompt has, for providers that can't count: four ASCII
 * characters a token, one and a half tokens for two other characters, and what providers
 * document as typical for media.
 */
public final class TokenEstimate {

	private static final int PER_MESSAGE = 4;

	private static final int PER_MEDIUM = 1000;

	private TokenEstimate() {
	}

	public static long of(ChatRequest request) {
		long tokens = 0;
		for (Message message : request.messages()) {
			tokens += PER_MESSAGE;
			for (Part part : message.parts()) {
				tokens += of(part);
			}
		}
		for (Tool tool : request.tools()) {
			tokens += PER_MESSAGE + of(tool.toString());
		}
		return tokens;
	}

	private static long of(Part part) {
		if (part instanceof Part.Text text) {
			return of(text.text());
		}
		if (part instanceof Part.ToolCall call) {
			return of(call.name()) + of(call.arguments());
		}
		if (part instanceof Part.ToolResult result) {
			return result.content().stream().mapToLong(TokenEstimate::of).sum();
		}
		if (part instanceof Part.Reasoning reasoning) {
			return of(reasoning.text());
		}
		return (part instanceof Part.Refusal refusal) ? of(refusal.text()) : PER_MEDIUM;
	}

	private static long of(String text) {
		int ascii = 0;
		for (int i = 0; i < text.length(); i++) {
			if (text.charAt(i) < 0x80) {
				ascii++;
			}
		}
		return (ascii + 3) / 4 + (text.length() - ascii) * 3L / 4;
	}

}
