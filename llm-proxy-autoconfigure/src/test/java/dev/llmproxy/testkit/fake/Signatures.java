package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what a fake model has thought, so that it can tell in a later turn, without
 * remembering anything, whether it comes back unchanged to the byte.
 */
final class Signatures {

	private static final SecretKeySpec KEY = new SecretKeySpec("fake provider".getBytes(StandardCharsets.UTF_8),
			"HmacSHA512");

	private Signatures() {
	}

	/** An opaque Base64 text that belongs to this content of this provider. */
	static String of(String provider, String content) {
		try {
			Mac mac = Mac.getInstance("HmacSHA512");
			mac.init(KEY);
			mac.update(provider.getBytes(StandardCharsets.UTF_8));
			mac.update((byte) 0);
			return Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static boolean isValid(String provider, String content, String signature) {
		return of(provider, content).equals(signature);
	}

}
