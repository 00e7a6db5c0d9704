package dev.llmproxy.access;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

import dev.llmproxy.dialect.Sha256;
import dev.llmproxy.gateway.Caller;
import org.jspecify.annotations.Nullable;

/**
 * A key that callers may present, as its SHA-256 only. Keys are long random strings, so
 * that a fast hash is the right one.
 *
 * @param hash 32 bytes
 * @param caller whom it identifies
 */
public record ClientKey(byte[] hash, Caller caller) {

	/** Shorter keys are refused: they can be guessed, and looked up from their hash. */
	public static final int SHORTEST = 16;

	private static final String PREFIX = "sha256:";

	public ClientKey {
		if (hash.length != 32) {
			throw new IllegalArgumentException("A SHA-256 hash has 32 bytes");
		}
	}

	/**
	 * From the key itself.
	 * @throws IllegalArgumentException if it is shorter than {@link #SHORTEST}, or has
	 * characters that can't travel in a header (RFC 9110, section 5.5); the message does
	 * not contain it
	 */
	public static ClientKey ofKey(String key, Caller caller) {
		if (key.length() < SHORTEST) {
			throw new IllegalArgumentException("the key has fewer than " + SHORTEST + " characters");
		}
		if (key.chars().anyMatch((c) -> c <= 0x20 || c >= 0x7f)) {
			throw new IllegalArgumentException("the key has characters other than visible ASCII");
		}
		return new ClientKey(Sha256.of(key), caller);
	}

	/**
	 * From {@code sha256:} and 64 hexadecimal digits.
	 * @throws IllegalArgumentException if it is something else
	 */
	public static ClientKey ofHash(String hash, Caller caller) {
		if (!hash.startsWith(PREFIX) || hash.length() != PREFIX.length() + 64) {
			throw new IllegalArgumentException("the hash is not 'sha256:' and 64 hexadecimal digits");
		}
		try {
			return new ClientKey(HexFormat.of().parseHex(hash, PREFIX.length(), hash.length()), caller);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("the hash is not 'sha256:' and 64 hexadecimal digits", ex);
		}
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ClientKey key && MessageDigest.isEqual(this.hash, key.hash)
				&& this.caller.equals(key.caller);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.hash);
	}

	@Override
	public String toString() {
		return "ClientKey[" + this.caller.id() + "]";
	}

}
