package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.llmproxy.dialect.JsonBytes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The numbers of a {@code usage} object (API reference of chat completions), as they
 * stand there.
 */
final class TokenCounts {

	/** What is told where no number stands. */
	static final long ABSENT = Long.MIN_VALUE;

	/** The most digits that are read without Jackson. */
	private static final int DIGITS = 15;

	private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

	private static final Count[] COUNTS = Count.values();

	/** Their names, up to the closing quote. */
	private static final byte[][] NAMES = Arrays.stream(COUNTS)
		.map((count) -> quoted(count.name))
		.toArray(byte[][]::new);

	private static final byte[] PROMPT_DETAILS = quoted(Place.PROMPT_DETAILS.name);

	private static final byte[] COMPLETION_DETAILS = quoted(Place.COMPLETION_DETAILS.name);

	private final long[] numbers = new long[COUNTS.length];

	private TokenCounts() {
		Arrays.fill(this.numbers, ABSENT);
	}

	/** The number, or {@link #ABSENT}. */
	long get(Count count) {
		return this.numbers[count.ordinal()];
	}

	static TokenCounts of(JsonNode usage) {
		TokenCounts counts = new TokenCounts();
		for (int i = 0; i < COUNTS.length; i++) {
			String place = COUNTS[i].place.name;
			JsonNode number = (place.isEmpty() ? usage : usage.path(place)).path(COUNTS[i].name);
			if (number.isNumber()) {
				counts.numbers[i] = number.asLong(0);
			}
		}
		return counts;
	}

	/**
	 * The same of bytes that hold nothing but what vendors send: names and texts without
	 * escapes, whole numbers, {@code null}, and objects of these. It takes a fraction of
	 * the time of a tree.
	 * @param from the index of the object's brace
	 * @return {@code null} if there is anything else, or no JSON
	 */
	static @Nullable TokenCounts scan(ByteBuffer bytes, int from, int to) {
		TokenCounts counts = new TokenCounts();
		return (counts.object(bytes, from, to, Place.USAGE) >= 0) ? counts : null;
	}

	/** Reads an object, and returns the index after it or −1. */
	private int object(ByteBuffer bytes, int from, int to, Place place) {
		int at = JsonBytes.skipSpace(bytes, from + 1, to);
		if (at < to && bytes.get(at) == '}') {
			return at + 1;
		}
		while (at < to && bytes.get(at) == '"') {
			int name = at + 1;
			int end = text(bytes, name, to);
			int value = (end >= 0) ? JsonBytes.value(bytes, end, to) : -1;
			at = (value >= 0) ? member(bytes, name, value, to, place) : -1;
			at = (at >= 0) ? JsonBytes.skipSpace(bytes, at, to) : to;
			if (at < to && bytes.get(at) == '}') {
				return at + 1;
			}
			if (at >= to || bytes.get(at) != ',') {
				return -1;
			}
			at = JsonBytes.skipSpace(bytes, at + 1, to);
		}
		return -1;
	}

	/** Reads a value, and returns the index after it or −1. */
	private int member(ByteBuffer bytes, int name, int value, int to, Place place) {
		byte first = bytes.get(value);
		if (first >= '0' && first <= '9') {
			return number(bytes, name, value, to, place);
		}
		if (first == '{') {
			// No vendor nests deeper.
			return (place == Place.ELSEWHERE) ? -1 : object(bytes, value, to, inner(bytes, name, to, place));
		}
		if (first == '"') {
			return text(bytes, value + 1, to);
		}
		return JsonBytes.isAt(bytes, value, to, NULL) ? value + NULL.length : -1;
	}

	private static Place inner(ByteBuffer bytes, int name, int to, Place place) {
		if (place == Place.USAGE && JsonBytes.isAt(bytes, name, to, PROMPT_DETAILS)) {
			return Place.PROMPT_DETAILS;
		}
		if (place == Place.USAGE && JsonBytes.isAt(bytes, name, to, COMPLETION_DETAILS)) {
			return Place.COMPLETION_DETAILS;
		}
		return Place.ELSEWHERE;
	}

	private int number(ByteBuffer bytes, int name, int from, int to, Place place) {
		long number = 0;
		int at = from;
		for (; at < to && bytes.get(at) >= '0' && bytes.get(at) <= '9'; at++) {
			if (at - from == DIGITS) {
				return -1;
			}
			number = 10 * number + (bytes.get(at) - '0');
		}
		boolean padded = bytes.get(from) == '0' && at > from + 1;
		return (!padded && set(bytes, name, to, place, number)) ? at : -1;
	}

	/** Whether it was not there already. */
	private boolean set(ByteBuffer bytes, int name, int to, Place place, long number) {
		for (int i = 0; i < COUNTS.length; i++) {
			if (COUNTS[i].place == place && JsonBytes.isAt(bytes, name, to, NAMES[i])) {
				boolean fresh = this.numbers[i] == ABSENT;
				this.numbers[i] = number;
				return fresh;
			}
		}
		return true;
	}

	/** The index after the closing quote, or −1 if there is none or an escape. */
	private static int text(ByteBuffer bytes, int from, int to) {
		for (int at = from; at < to; at++) {
			byte b = bytes.get(at);
			if (b == '"') {
				return at + 1;
			}
			if (b == '\\' || (b >= 0 && b < ' ')) {
				return -1;
			}
		}
		return -1;
	}

	private static byte[] quoted(String name) {
		return (name + '"').getBytes(StandardCharsets.US_ASCII);
	}

	/** What is counted. */
	enum Count {

		PROMPT(Place.USAGE, "prompt_tokens"),

		COMPLETION(Place.USAGE, "completion_tokens"),

		TOTAL(Place.USAGE, "total_tokens"),

		/** DeepSeek tells its cache hits at the top. */
		CACHE_HIT(Place.USAGE, "prompt_cache_hit_tokens"),

		CACHE_CREATION(Place.USAGE, "cache_creation_input_tokens"),

		CACHED(Place.PROMPT_DETAILS, "cached_tokens"),

		CACHE_WRITE(Place.PROMPT_DETAILS, "cache_write_tokens"),

		AUDIO_INPUT(Place.PROMPT_DETAILS, "audio_tokens"),

		REASONING(Place.COMPLETION_DETAILS, "reasoning_tokens"),

		AUDIO_OUTPUT(Place.COMPLETION_DETAILS, "audio_tokens");

		private final Place place;

		private final String name;

		Count(Place place, String name) {
			this.place = place;
			this.name = name;
		}

	}

	/** The object that counts stand in. */
	private enum Place {

		USAGE(""), PROMPT_DETAILS("prompt_tokens_details"), COMPLETION_DETAILS("completion_tokens_details"),
		ELSEWHERE("");

		private final String name;

		Place(String name) {
			this.name = name;
		}

	}

}
