package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What the reader and the frame finder share: where a line ends and where a field's value
 * begins. UTF-8 never uses the bytes of CR, LF and colon inside another character, so
 * that lines are found without decoding.
 */
final class SseLines {

	static final byte CR = '\r';

	static final byte LF = '\n';

	static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);

	static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);

	static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);

	static final byte[] RETRY = "retry".getBytes(StandardCharsets.US_ASCII);

	private static final long ONES = 0x0101010101010101L;

	private static final long HIGH_BITS = 0x8080808080808080L;

	private SseLines() {
	}

	/**
	 * Returns the offset of the first CR or LF in {@code [from, to)}, or {@code to}. It
	 * looks at eight bytes at a time and first asks only whether any is a control
	 * character up to CR, which JSON does not contain.
	 */
	static int end(ByteBuffer bytes, int from, int to) {
		int at = from;
		for (; at <= to - Long.BYTES; at += Long.BYTES) {
			long word = word(bytes, at);
			if (((word - (CR + 1) * ONES) & ~word & HIGH_BITS) != 0) {
				long match = zeroBytes(word ^ (LF * ONES)) | zeroBytes(word ^ (CR * ONES));
				if (match != 0) {
					return at + (Long.numberOfTrailingZeros(match) >>> 3);
				}
			}
		}
		for (; at < to; at++) {
			byte b = bytes.get(at);
			if (b == LF || b == CR) {
				return at;
			}
		}
		return to;
	}

	/**
	 * Returns where the value of the field {@code name} begins in the line
	 * {@code [from, to)}, at most one space after the colon left out, or -1 if the line
	 * holds another field. A line without a colon is a field with an empty value.
	 */
	static int value(ByteBuffer bytes, int from, int to, byte[] name) {
		int colon = from + name.length;
		if (colon > to) {
			return -1;
		}
		for (int i = 0; i < name.length; i++) {
			if (bytes.get(from + i) != name[i]) {
				return -1;
			}
		}
		if (colon == to) {
			return to;
		}
		if (bytes.get(colon) != ':') {
			return -1;
		}
		int value = colon + 1;
		return (value < to && bytes.get(value) == ' ') ? value + 1 : value;
	}

	/** Returns the eight bytes at {@code at}, the first of them lowest. */
	static long word(ByteBuffer bytes, int at) {
		// Whatever the buffer's order says: the lowest set bit of a match belongs to the
		// first byte. Not by a VarHandle, which is called instead of inlined where much
		// else is.
		long word = bytes.getLong(at);
		return (bytes.order() == ByteOrder.LITTLE_ENDIAN) ? word : Long.reverseBytes(word);
	}

	/** Returns the byte in each of the eight places of a word. */
	static long eightTimes(byte value) {
		return (value & 0xFF) * ONES;
	}

	/** Returns a word whose lowest set bit is in the first zero byte of the argument. */
	static long zeroBytes(long word) {
		return (word - ONES) & ~word & HIGH_BITS;
	}

}
