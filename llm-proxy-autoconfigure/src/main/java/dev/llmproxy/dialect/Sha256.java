package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash function that everything here uses. */
public final class Sha256 {

	private static final MessageDigest FRESH = create();

	private Sha256() {
	}

	/** The hash of a text's UTF-8. */
	public static byte[] of(String text) {
		return digest().digest(text.getBytes(StandardCharsets.UTF_8));
	}

	/** A new digest, for one thread. */
	public static MessageDigest digest() {
		try {
			// Takes a fraction of looking it up among the providers.
			return (MessageDigest) FRESH.clone();
		}
		catch (CloneNotSupportedException ex) {
			return create();
		}
	}

	private static MessageDigest create() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
