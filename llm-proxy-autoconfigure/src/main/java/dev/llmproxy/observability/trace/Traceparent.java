package dev.llmproxy.observability.trace;

import dev.llmproxy.gateway.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of W3C Trace Context (level 1), strictly: what is not written as the
 * standard says is as if it were not there.
 */
final class Traceparent {

	/** Of version 00: {@code 00-<32 digits>-<16 digits>-<2 digits>}. */
	private static final int LENGTH = 55;

	private static final int TRACE_ID = 3;

	private static final int SPAN_ID = 36;

	private static final int FLAGS = 53;

	private Traceparent() {
	}

	/**
	 * Reads the place in a trace that a caller tells of.
	 * @param state the {@code tracestate}; one that is malformed is left out
	 * @return {@code null} if the header is not valid
	 */
	static @Nullable TraceContext read(String header, @Nullable String state) {
		if (!isWellFormed(header)) {
			return null;
		}
		boolean sampled = (Character.digit(header.charAt(FLAGS + 1), 16) & 1) != 0;
		return new TraceContext(header.substring(TRACE_ID, SPAN_ID - 1), header.substring(SPAN_ID, FLAGS - 1), sampled,
				(state != null) ? Tracestate.valid(state) : null);
	}

	private static boolean isWellFormed(String header) {
		return hasLength(header) && areDigits(header, 0, 2) && !header.startsWith("ff")
				&& header.charAt(TRACE_ID - 1) == '-' && isId(header, TRACE_ID, SPAN_ID - 1)
				&& header.charAt(SPAN_ID - 1) == '-' && isId(header, SPAN_ID, FLAGS - 1)
				&& header.charAt(FLAGS - 1) == '-' && areDigits(header, FLAGS, LENGTH);
	}

	/** Versions to come may have more at the end, after another dash. */
	private static boolean hasLength(String header) {
		return header.length() == LENGTH
				|| (header.length() > LENGTH && header.charAt(LENGTH) == '-' && !header.startsWith("00"));
	}

	/** All zeros is no identifier. */
	private static boolean isId(String header, int from, int to) {
		boolean zero = true;
		for (int i = from; i < to; i++) {
			zero = zero && header.charAt(i) == '0';
		}
		return !zero && areDigits(header, from, to);
	}

	/** Lower case only. */
	private static boolean areDigits(String header, int from, int to) {
		for (int i = from; i < to; i++) {
			char c = header.charAt(i);
			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
				return false;
			}
		}
		return true;
	}

}
