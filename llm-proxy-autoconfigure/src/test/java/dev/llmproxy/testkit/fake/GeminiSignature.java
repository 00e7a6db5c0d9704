package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Thought signatures, which vouch for themselves and not for a text, as they travel on
 * parts that clients cut and join.
 */
final class GeminiSignature {

	private static final String PROVIDER = "gemini";

	private static final int SIGNED = 64;

	private GeminiSignature() {
	}

	/** A signature that has not been used yet. */
	static String make(FakeState state) {
		byte[] id = state.id("thought-").getBytes(StandardCharsets.UTF_8);
		byte[] signature = Arrays.copyOf(signed(id), SIGNED + id.length);
		System.arraycopy(id, 0, signature, SIGNED, id.length);
		return Base64.getEncoder().encodeToString(signature);
	}

	static boolean isValid(String base64) {
		byte[] signature = Proto.decode(base64);
		if (signature == null || signature.length <= SIGNED) {
			return false;
		}
		byte[] id = Arrays.copyOfRange(signature, SIGNED, signature.length);
		return Arrays.equals(signed(id), Arrays.copyOf(signature, SIGNED));
	}

	private static byte[] signed(byte[] id) {
		return Base64.getDecoder().decode(Signatures.of(PROVIDER, new String(id, StandardCharsets.UTF_8)));
	}

}
