package dev.llmproxy.dialect.responses;

import java.util.HexFormat;

import dev.llmproxy.dialect.Sha256;

/**
 * Fits identifiers of tool calls to the 64 characters that OpenAI allows, the same way
 * for a call and for its result.
 */
final class CallIds {

	private static final int LONGEST = 64;

	private CallIds() {
	}

	static String fit(String id) {
		if (id.length() <= LONGEST) {
			return id;
		}
		return "call_" + HexFormat.of().formatHex(Sha256.of(id), 0, 24);
	}

}
