package dev.llmproxy.access;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.llmproxy.gateway.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Finds the caller of a presented key. Held is an HMAC of each key's hash under a secret
 * of this process, compared in full length, so that neither memory nor timing tells a
 * key. Immutable and thread-safe.
 */
public final class ClientKeys {

	private static final String ALGORITHM = "HmacSHA256";

	private final SecretKeySpec secret;

	private final Map<Digest, Caller> callers = new HashMap<>();

	private final AnonymousAccess anonymous;

	/**
	 * Creates the set.
	 * @param anonymous from where callers without a key are let in
	 * @throws IllegalArgumentException if two callers share a key
	 */
	public ClientKeys(Collection<ClientKey> keys, AnonymousAccess anonymous) {
		byte[] random = new byte[32];
		new SecureRandom().nextBytes(random);
		this.secret = new SecretKeySpec(random, ALGORITHM);
		this.anonymous = anonymous;
		for (ClientKey key : keys) {
			Caller previous = this.callers.put(digest(key.hash()), key.caller());
			if (previous != null) {
				throw new IllegalArgumentException(
						"Callers '" + previous.id() + "' and '" + key.caller().id() + "' have the same key");
			}
		}
	}

	/**
	 * Finds the caller.
	 * @param key as presented; {@code null} where none was
	 * @return the caller, or {@code null} where there is no such key
	 */
	public @Nullable Caller find(@Nullable String key) {
		return (key == null || key.isEmpty() || this.callers.isEmpty()) ? null
				: this.callers.get(digest(ClientKey.sha256(key)));
	}

	/**
	 * From where a caller is let in whom {@link #find} did not find.
	 * @param key as presented: a wrong key is no better than none only where there are no
	 * keys at all, because clients insist on sending one
	 */
	public AnonymousAccess withoutKey(@Nullable String key) {
		return (key == null || key.isEmpty() || this.callers.isEmpty()) ? this.anonymous : AnonymousAccess.NONE;
	}

	/** Whether there is no key. */
	public boolean isEmpty() {
		return this.callers.isEmpty();
	}

	/** From where callers without a key are let in. */
	public AnonymousAccess anonymous() {
		return this.anonymous;
	}

	private Digest digest(byte[] hash) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.secret);
			ByteBuffer bytes = ByteBuffer.wrap(mac.doFinal(hash));
			return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has HMAC-SHA-256", ex);
		}
	}

	private record Digest(long a, long b, long c, long d) {
	}

}
