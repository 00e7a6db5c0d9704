package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash function that everything here uses. */
public final class Sha256 {

	private Sha256() {
	}

	/** The hash of a text's UTF-8. */
	public static byte[] of(String text) {
		return digest().digest(text.getBytes(StandardCharsets.UTF_8));
	}

	/** A new digest, for one thread. */
	public static MessageDigest digest() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
