package dev.llmproxy.dialect.anthropic;

import java.util.UUID;

/** Identifiers in the dialect's style, for answers that came without. */
final class AnthropicIds {

	private AnthropicIds() {
	}

	static String message() {
		return "msg_" + UUID.randomUUID().toString().replace("-", "");
	}

	static String toolUse() {
		return "toolu_" + UUID.randomUUID().toString().replace("-", "");
	}

}
