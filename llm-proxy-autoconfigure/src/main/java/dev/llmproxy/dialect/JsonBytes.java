package dev.llmproxy.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks into JSON without reading all of it: where a member's name was found, at its
 * value. Positions are absolute, and those of the buffer are left alone.
 */
public final class JsonBytes {

	/** Reads one value and ignores what follows it. */
	private static final ObjectReader FIRST_VALUE = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build()
		.readerFor(JsonNode.class);

	static {
		// Jackson makes its reader behind a lock when it is first asked.
		FIRST_VALUE.readTree("{}");
	}

	private static final int LONGEST_WORD = 64;

	private JsonBytes() {
	}

	public static boolean isAt(ByteBuffer bytes, int at, int to, byte[] needle) {
		if (at + needle.length > to) {
			return false;
		}
		for (int i = 0; i < needle.length; i++) {
			if (bytes.get(at + i) != needle[i]) {
				return false;
			}
		}
		return true;
	}

	/**
	 * The index of the value after a member's name, or −1 if it was not a name.
	 * @param from just after the name
	 */
	public static int value(ByteBuffer bytes, int from, int to) {
		int colon = skipSpace(bytes, from, to);
		if (colon == to || bytes.get(colon) != ':') {
			return -1;
		}
		int value = skipSpace(bytes, colon + 1, to);
		return (value < to) ? value : -1;
	}

	/**
	 * The index of the object after a member's name, or −1 if there is another thing.
	 * @param from just after the name
	 */
	public static int object(ByteBuffer bytes, int from, int to) {
		int value = value(bytes, from, to);
		return (value >= 0 && bytes.get(value) == '{') ? value : -1;
	}

	public static int skipSpace(ByteBuffer bytes, int from, int to) {
		int at = from;
		while (at < to
				&& (bytes.get(at) == ' ' || bytes.get(at) == '\n' || bytes.get(at) == '\r' || bytes.get(at) == '\t')) {
			at++;
		}
		return at;
	}

	/**
	 * The word that a member has, where it was named last.
	 * @param name with its quotes
	 * @return {@code null} if there is no such member, or its value is no short text
	 */
	public static @Nullable String lastWord(ByteBuffer bytes, int from, int to, byte[] name) {
		String found = null;
		for (int at = from; (at = SseFrames.indexOf(bytes, at, to, name)) >= 0;) {
			at += name.length;
			int value = value(bytes, at, to);
			String word = (value >= 0 && bytes.get(value) == '"') ? word(bytes, value + 1, to) : null;
			found = (word != null) ? word : found;
		}
		return found;
	}

	private static @Nullable String word(ByteBuffer bytes, int from, int to) {
		int most = Math.min(to, from + LONGEST_WORD);
		for (int at = from; at < most; at++) {
			if (bytes.get(at) == '"') {
				byte[] word = new byte[at - from];
				bytes.get(from, word);
				return new String(word, StandardCharsets.ISO_8859_1);
			}
		}
		return null;
	}

	/**
	 * The value that begins there; what follows it does not matter.
	 * @return {@code null} if it is not JSON
	 */
	public static @Nullable JsonNode read(ByteBuffer bytes, int from, int to) {
		try {
			if (bytes.hasArray()) {
				return FIRST_VALUE.readValue(bytes.array(), bytes.arrayOffset() + from, to - from);
			}
			byte[] json = new byte[to - from];
			bytes.get(from, json);
			return FIRST_VALUE.readValue(json);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
