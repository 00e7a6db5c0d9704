package dev.llmproxy.provider;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Tells whether two nodes mean the same, and nothing else: 96 bits are enough to tell
 * accounts apart, and a provider's keys are too random to be guessed by them.
 */
public final class Digest {

	private static final int LENGTH = 24;

	private Digest() {
	}

	/** A digest of texts in this order, in hexadecimal. */
	public static String of(List<String> texts) {
		MessageDigest digest = sha256();
		digest.update("llm-proxy".getBytes(StandardCharsets.UTF_8));
		for (String text : texts) {
			byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
			// So that no two lists are the same bytes.
			digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
			digest.update(bytes);
		}
		return HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
