package dev.llmproxy.dialect.anthropic;

import dev.llmproxy.dialect.RandomIds;

/** Identifiers in the dialect's style, for answers that came without. */
final class AnthropicIds {

	private AnthropicIds() {
	}

	static String message() {
		return RandomIds.next("msg_");
	}

	static String toolUse() {
		return RandomIds.next("toolu_");
	}

}
