package dev.llmproxy.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;

/**
 * Finds the {@code service_tier} beside a usage, on which the price depends. With its
 * quotes the name can't be part of a text, where they are escaped.
 */
public final class ServiceTier {

	private static final byte[] FIELD = "\"service_tier\"".getBytes(StandardCharsets.US_ASCII);

	private static final int LONGEST = 32;

	private ServiceTier() {
	}

	/** The tier; {@code null} if none is told. */
	public static @Nullable String find(ByteBuffer bytes, int from, int to) {
		int name = SseFrames.indexOf(bytes, from, to, FIELD);
		int value = (name >= 0) ? JsonBytes.value(bytes, name + FIELD.length, to) : -1;
		if (value < 0 || bytes.get(value) != '"') {
			return null;
		}
		int end = value + 1;
		while (end < to && end - value <= LONGEST && bytes.get(end) != '"') {
			end++;
		}
		byte[] tier = new byte[end - value - 1];
		bytes.get(value + 1, tier);
		return new String(tier, StandardCharsets.UTF_8);
	}

}
