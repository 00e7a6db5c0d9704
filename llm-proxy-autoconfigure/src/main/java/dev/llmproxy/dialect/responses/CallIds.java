package dev.llmproxy.dialect.responses;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
			return "call_" + HexFormat.of().formatHex(digest, 0, 24);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
