package dev.llmproxy.event.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages as Standard Webhooks has it: HMAC-SHA256 over id, time and body.
 * Thread-safe.
 */
public final class Signature {

	private static final String PREFIX = "whsec_";

	private static final String ALGORITHM = "HmacSHA256";

	/** Shorter ones can be guessed. */
	private static final int SHORTEST = 16;

	private final SecretKeySpec key;

	private Signature(byte[] key) {
		this.key = new SecretKeySpec(key, ALGORITHM);
	}

	/**
	 * Signs with a secret.
	 * @param secret base64 after {@code whsec_}, or any text
	 * @throws IllegalArgumentException if it is no base64 there, or too short; the
	 * message does not show it
	 */
	public static Signature of(String secret) {
		byte[] key;
		if (secret.startsWith(PREFIX)) {
			try {
				key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("what follows 'whsec_' is not base64");
			}
		}
		else {
			key = secret.getBytes(StandardCharsets.UTF_8);
		}
		if (key.length < SHORTEST) {
			throw new IllegalArgumentException("the secret has less than " + SHORTEST + " bytes");
		}
		return new Signature(key);
	}

	/**
	 * The header {@code webhook-signature}.
	 * @param timestamp seconds since 1970
	 */
	String sign(String id, long timestamp, byte[] body) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
			return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JDK has " + ALGORITHM, ex);
		}
	}

	@Override
	public String toString() {
		return ALGORITHM;
	}

}
