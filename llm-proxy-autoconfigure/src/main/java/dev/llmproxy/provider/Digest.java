package dev.llmproxy.provider;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

import dev.llmproxy.dialect.Sha256;

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
		MessageDigest digest = Sha256.digest();
		digest.update("llm-proxy".getBytes(StandardCharsets.UTF_8));
		for (String text : texts) {
			byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
			// So that no two lists are the same bytes.
			digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
			digest.update(bytes);
		}
		return HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
	}

}
