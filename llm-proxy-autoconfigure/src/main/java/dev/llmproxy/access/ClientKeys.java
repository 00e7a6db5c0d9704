package dev.llmproxy.access;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.llmproxy.dialect.Sha256;
import dev.llmproxy.gateway.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Finds the caller of a presented key. Held is an HMAC of each key's hash under a secret
 * of this process, compared in full length, so that neither memory nor timing tells a
 * key. Immutable, unless it follows others, and thread-safe.
 */
public final class ClientKeys {

	private static final String ALGORITHM = "HmacSHA256";

	private final SecretKeySpec secret;

	/** Never used itself, as it is for one thread; to copy it is quicker than another. */
	private final Mac fresh;

	private final Map<Digest, Caller> callers = new HashMap<>();

	private final AnonymousAccess anonymous;

	private final @Nullable Supplier<ClientKeys> followed;

	private ClientKeys(Supplier<ClientKeys> followed) {
		this.secret = new SecretKeySpec(new byte[32], ALGORITHM);
		this.fresh = mac(this.secret);
		this.anonymous = AnonymousAccess.NONE;
		this.followed = followed;
	}

	/**
	 * Creates the set.
	 * @param anonymous from where callers without a key are let in
	 * @throws IllegalArgumentException if two callers share a key
	 */
	public ClientKeys(Collection<ClientKey> keys, AnonymousAccess anonymous) {
		byte[] random = new byte[32];
		new SecureRandom().nextBytes(random);
		this.secret = new SecretKeySpec(random, ALGORITHM);
		this.fresh = mac(this.secret);
		this.anonymous = anonymous;
		this.followed = null;
		for (ClientKey key : keys) {
			Caller previous = this.callers.put(digest(key.hash()), key.caller());
			if (previous != null) {
				throw new IllegalArgumentException(
						"Callers '" + previous.id() + "' and '" + key.caller().id() + "' have the same key");
			}
		}
	}

	/**
	 * Those keys that hold when one is looked up.
	 * @param current tells them; the same until they change
	 */
	public static ClientKeys following(Supplier<ClientKeys> current) {
		return new ClientKeys(current);
	}

	private ClientKeys now() {
		return (this.followed != null) ? this.followed.get() : this;
	}

	/**
	 * Finds the caller.
	 * @param key as presented; {@code null} where none was
	 * @return the caller, or {@code null} where there is no such key
	 */
	public @Nullable Caller find(@Nullable String key) {
		ClientKeys now = now();
		return (key == null || key.isEmpty() || now.callers.isEmpty()) ? null
				: now.callers.get(now.digest(Sha256.of(key)));
	}

	/**
	 * The caller with an id, for who acts on its behalf; {@code null} if there is none.
	 */
	public @Nullable Caller byId(String id) {
		return now().callers.values().stream().filter((caller) -> caller.id().equals(id)).findFirst().orElse(null);
	}

	/**
	 * From where a caller is let in whom {@link #find} did not find.
	 * @param key as presented: a wrong key is no better than none only where there are no
	 * keys at all, because clients insist on sending one
	 */
	public AnonymousAccess withoutKey(@Nullable String key) {
		ClientKeys now = now();
		return (key == null || key.isEmpty() || now.callers.isEmpty()) ? now.anonymous : AnonymousAccess.NONE;
	}

	/** Whether there is no key. */
	public boolean isEmpty() {
		return now().callers.isEmpty();
	}

	/** From where callers without a key are let in. */
	public AnonymousAccess anonymous() {
		return now().anonymous;
	}

	private static Mac mac(SecretKeySpec secret) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(secret);
			return mac;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has HMAC-SHA-256", ex);
		}
	}

	private Digest digest(byte[] hash) {
		ByteBuffer bytes = ByteBuffer.wrap(mac().doFinal(hash));
		return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
	}

	private Mac mac() {
		try {
			return (Mac) this.fresh.clone();
		}
		catch (CloneNotSupportedException ex) {
			// Those of some security providers can't be copied.
			return mac(this.secret);
		}
	}

	private record Digest(long a, long b, long c, long d) {
	}

}
