package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes server-sent events as bytes. Nothing that a caller passes can begin an event or
 * a field of its own: line breaks in data and comments start a new line of the same
 * field, and in names they are refused.
 */
public final class SseWriter {

	private static final byte[] DATA = ascii("data: ");

	private static final byte[] COMMENT = ascii(": ");

	private static final byte[] EVENT = ascii("event: ");

	private static final byte[] DONE = ascii("[DONE]");

	private SseWriter() {
	}

	/**
	 * Returns an event without a name.
	 * @param json the data, UTF-8; a CR or CRLF in it will be read as LF, which is white
	 * space in JSON
	 */
	public static byte[] data(byte[] json) {
		return write(0, DATA, json);
	}

	/**
	 * Returns an event with a name.
	 * @param name the name
	 * @param json the data, as in {@link #data(byte[])}
	 * @throws IllegalArgumentException if the name is empty or contains CR or LF
	 */
	public static byte[] event(String name, byte[] json) {
		if (name.isEmpty() || name.indexOf('\r') >= 0 || name.indexOf('\n') >= 0) {
			throw new IllegalArgumentException("An event's name must not be empty or contain CR or LF");
		}
		byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
		int head = EVENT.length + utf8.length + 1;
		byte[] event = write(head, DATA, json);
		System.arraycopy(EVENT, 0, event, 0, EVENT.length);
		System.arraycopy(utf8, 0, event, EVENT.length, utf8.length);
		event[head - 1] = SseLines.LF;
		return event;
	}

	/**
	 * Returns a comment, which readers ignore and which keeps a connection alive.
	 * @param text the text; its line breaks begin further comment lines
	 */
	public static byte[] comment(String text) {
		return write(0, COMMENT, text.getBytes(StandardCharsets.UTF_8));
	}

	/** Returns the {@code [DONE]} event that ends OpenAI's streams. */
	public static byte[] done() {
		return data(DONE);
	}

	/** Leaves room for a head and writes each line after a prefix, then a blank line. */
	private static byte[] write(int head, byte[] prefix, byte[] value) {
		ByteBuffer source = ByteBuffer.wrap(value);
		int lines = 1;
		int breaks = 0;
		for (int at = SseLines.end(source, 0, value.length); at < value.length;) {
			int next = afterBreak(value, at);
			breaks += next - at;
			lines++;
			at = SseLines.end(source, next, value.length);
		}
		long size = head + (long) lines * (prefix.length + 1) + value.length - breaks + 1;
		ByteBuffer frame = ByteBuffer.wrap(new byte[Math.toIntExact(size)]).position(head);
		int from = 0;
		for (int rest = lines - 1; rest >= 0; rest--) {
			int end = (rest > 0) ? SseLines.end(source, from, value.length) : value.length;
			frame.put(prefix).put(value, from, end - from).put(SseLines.LF);
			from = (rest > 0) ? afterBreak(value, end) : end;
		}
		return frame.put(SseLines.LF).array();
	}

	private static int afterBreak(byte[] value, int at) {
		boolean crLf = value[at] == SseLines.CR && at + 1 < value.length && value[at + 1] == SseLines.LF;
		return crLf ? at + 2 : at + 1;
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
