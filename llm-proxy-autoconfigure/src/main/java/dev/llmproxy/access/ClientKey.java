package dev.llmproxy.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import dev.llmproxy.gateway.Caller;

/**
 * A key that callers may present, as its SHA-256 only. Keys are long random strings, so
 * that a fast hash is the right one.
 *
 * @param hash 32 bytes
 * @param caller whom it identifies
 */
public record ClientKey(byte[] hash, Caller caller) {

	private static final String PREFIX = "sha256:";

	public ClientKey {
		if (hash.length != 32) {
			throw new IllegalArgumentException("A SHA-256 hash has 32 bytes");
		}
	}

	/** From the key itself. */
	public static ClientKey ofKey(String key, Caller caller) {
		return new ClientKey(sha256(key), caller);
	}

	/**
	 * From {@code sha256:} and 64 hexadecimal digits.
	 * @throws IllegalArgumentException if it is something else
	 */
	public static ClientKey ofHash(String hash, Caller caller) {
		if (!hash.startsWith(PREFIX)) {
			throw new IllegalArgumentException("A key's hash is 'sha256:' and 64 hexadecimal digits");
		}
		return new ClientKey(HexFormat.of().parseHex(hash.substring(PREFIX.length())), caller);
	}

	static byte[] sha256(String key) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	@Override
	public String toString() {
		return "ClientKey[" + this.caller.id() + "]";
	}

}
