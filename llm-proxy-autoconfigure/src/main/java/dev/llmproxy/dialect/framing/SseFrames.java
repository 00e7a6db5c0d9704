package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Finds the frames of an event stream in place, for a relay that forwards bytes without
 * decoding them. A frame is everything up to and including a blank line: usually one
 * event, sometimes only comments or a lone blank line.
 * <p>
 * Nothing is kept between calls. The relay puts what it held back in front of the bytes
 * that arrived, walks over the complete frames and holds back the rest:
 *
 * <pre>{@code
 * int from = buffer.position();
 * for (int end; (end = SseFrames.nextFrameEnd(buffer, from, buffer.limit(), false)) >= 0; from = end) {
 *     if (SseFrames.contains(buffer, from, end, USAGE)) {
 *         // the frame is [from, end)
 *     }
 * }
 * // [from, buffer.limit()) is incomplete
 * }</pre>
 *
 * Offsets are absolute, as in {@link ByteBuffer#get(int)}; positions and limits are
 * neither used nor changed, and direct buffers are read where they are. Ranges outside of
 * the buffer throw {@link IndexOutOfBoundsException}. Bounding what is held back is up to
 * the caller. A byte order mark before the first frame is to be skipped with
 * {@link #skipBom}, as the frames themselves do not know where the stream began.
 */
public final class SseFrames {

	/** The answer of the frame finders when no frame is complete. */
	public static final int INCOMPLETE = -1;

	/** The range of a field that the frame does not have. */
	public static final long NONE = -1;

	/** The answer of {@link #dataRange} when the frame has several data lines. */
	public static final long SEVERAL = -2;

	private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

	private SseFrames() {
	}

	/**
	 * Returns the end of the frame that starts at {@code from}, or {@link #INCOMPLETE}.
	 * @see #nextFrameEnd(ByteBuffer, int, int, int, boolean)
	 */
	public static int nextFrameEnd(byte[] bytes, int from, int to, boolean eof) {
		return nextFrameEnd(ByteBuffer.wrap(bytes), from, from, to, eof);
	}

	/**
	 * Returns the end of the frame that starts at {@code from}, or {@link #INCOMPLETE}.
	 * @see #nextFrameEnd(ByteBuffer, int, int, int, boolean)
	 */
	public static int nextFrameEnd(ByteBuffer bytes, int from, int to, boolean eof) {
		return nextFrameEnd(bytes, from, from, to, eof);
	}

	/**
	 * Returns the end of the frame that starts at {@code from}, or {@link #INCOMPLETE}.
	 * <p>
	 * A CR as the very last byte may be half of a CRLF. If the line before it ended in a
	 * CR of its own, the stream is taken to use CR only and the frame is complete, as
	 * otherwise every event of such a stream would be one event late; a LF that follows
	 * after all is a blank frame. In every other case the frame is incomplete until the
	 * next byte or the end of the stream is there.
	 * @param bytes the buffer
	 * @param from the first byte of the frame
	 * @param scanned where the last search from {@code from} stopped, which is the
	 * {@code to} of that call; else {@code from}. It keeps the cost of an event that
	 * arrives in many chunks linear.
	 * @param to the end of the bytes that are there
	 * @param eof whether no more bytes will come
	 */
	public static int nextFrameEnd(ByteBuffer bytes, int from, int scanned, int to, boolean eof) {
		Objects.checkFromToIndex(from, to, bytes.limit());
		int at = Math.max(from, scanned - 1);
		while (true) {
			int end = SseLines.end(bytes, at, to);
			if (end >= to) {
				return INCOMPLETE;
			}
			at = end + 1;
			byte before = (end == from) ? SseLines.LF : bytes.get(end - 1);
			if (bytes.get(end) == SseLines.LF) {
				// After a CR it is the rest of that line's end.
				if (before == SseLines.LF) {
					return at;
				}
				continue;
			}
			boolean blank = (before == SseLines.LF || before == SseLines.CR);
			if (at == to) {
				return (blank && (eof || before == SseLines.CR)) ? at : INCOMPLETE;
			}
			if (bytes.get(at) == SseLines.LF) {
				at++;
			}
			if (blank) {
				return at;
			}
		}
	}

	/**
	 * Returns the end of the last complete frame, or {@link #INCOMPLETE}.
	 * @see #lastFrameEnd(ByteBuffer, int, int, int, boolean)
	 */
	public static int lastFrameEnd(byte[] bytes, int from, int to, boolean eof) {
		return lastFrameEnd(ByteBuffer.wrap(bytes), from, from, to, eof);
	}

	/**
	 * Returns the end of the last complete frame, or {@link #INCOMPLETE}.
	 * @see #lastFrameEnd(ByteBuffer, int, int, int, boolean)
	 */
	public static int lastFrameEnd(ByteBuffer bytes, int from, int to, boolean eof) {
		return lastFrameEnd(bytes, from, from, to, eof);
	}

	/**
	 * Returns the end of the last complete frame, or {@link #INCOMPLETE}, for a relay
	 * that does not look at single frames. It searches backwards and so reads little more
	 * than the incomplete tail.
	 * @param bytes the buffer
	 * @param from the first byte of a frame
	 * @param scanned where the last search from {@code from} stopped, or {@code from}
	 * @param to the end of the bytes that are there
	 * @param eof whether no more bytes will come; if not, a CR as the very last byte is
	 * treated as in {@link #nextFrameEnd(ByteBuffer, int, int, int, boolean)}
	 */
	public static int lastFrameEnd(ByteBuffer bytes, int from, int scanned, int to, boolean eof) {
		Objects.checkFromToIndex(from, to, bytes.limit());
		int lowest = Math.max(from, scanned - 1);
		int at = to - 1;
		while (at >= lowest) {
			byte b = bytes.get(at);
			if (b == SseLines.LF || b == SseLines.CR) {
				boolean crLf = (b == SseLines.LF && at > from && bytes.get(at - 1) == SseLines.CR);
				int start = crLf ? at - 1 : at;
				byte before = (start == from) ? SseLines.LF : bytes.get(start - 1);
				boolean sure = eof || b == SseLines.LF || at < to - 1;
				if (before == SseLines.CR || (before == SseLines.LF && sure)) {
					return at + 1;
				}
				at = start;
			}
			at--;
		}
		return INCOMPLETE;
	}

	/** Returns {@code from}, or the offset after a byte order mark that is there. */
	public static int skipBom(ByteBuffer bytes, int from, int to) {
		Objects.checkFromToIndex(from, to, bytes.limit());
		boolean bom = to - from >= 3 && bytes.get(from) == (byte) 0xEF && bytes.get(from + 1) == (byte) 0xBB
				&& bytes.get(from + 2) == (byte) 0xBF;
		return bom ? from + 3 : from;
	}

	/**
	 * Returns the range of the data in a complete frame.
	 * @see #dataRange(ByteBuffer, int, int)
	 */
	public static long dataRange(byte[] frame, int from, int to) {
		return dataRange(ByteBuffer.wrap(frame), from, to);
	}

	/**
	 * Returns the range of the data in a complete frame, to be taken apart with
	 * {@link #start} and {@link #end}: {@link #NONE} if it has no data line, as with
	 * comments, and {@link #SEVERAL} if it has more than one, in which case the event is
	 * for {@link SseDecoder} to read.
	 * @param bytes the buffer
	 * @param from the frame's first byte
	 * @param to the frame's end
	 */
	public static long dataRange(ByteBuffer bytes, int from, int to) {
		Objects.checkFromToIndex(from, to, bytes.limit());
		long range = NONE;
		for (int line = from; line < to;) {
			int end = SseLines.end(bytes, line, to);
			int value = SseLines.value(bytes, line, end, SseLines.DATA);
			if (value >= 0) {
				if (range != NONE) {
					return SEVERAL;
				}
				range = range(value, end);
			}
			// The LF of a CRLF makes an empty line here, which holds no field.
			line = end + 1;
		}
		return range;
	}

	/**
	 * Returns the range of the event's name in a complete frame.
	 * @see #eventRange(ByteBuffer, int, int)
	 */
	public static long eventRange(byte[] frame, int from, int to) {
		return eventRange(ByteBuffer.wrap(frame), from, to);
	}

	/**
	 * Returns the range of the event's name in a complete frame, to be taken apart with
	 * {@link #start} and {@link #end}, or {@link #NONE}. Of several the last counts, as
	 * in the standard.
	 * @param bytes the buffer
	 * @param from the frame's first byte
	 * @param to the frame's end
	 */
	public static long eventRange(ByteBuffer bytes, int from, int to) {
		Objects.checkFromToIndex(from, to, bytes.limit());
		long range = NONE;
		for (int line = from; line < to;) {
			int end = SseLines.end(bytes, line, to);
			int value = SseLines.value(bytes, line, end, SseLines.EVENT);
			if (value >= 0) {
				range = (value < end) ? range(value, end) : NONE;
			}
			line = end + 1;
		}
		return range;
	}

	/** Returns the first offset of a range that is neither NONE nor SEVERAL. */
	public static int start(long range) {
		return (int) (range >>> Integer.SIZE);
	}

	/** Returns the end offset of a range that is neither NONE nor SEVERAL. */
	public static int end(long range) {
		return (int) range;
	}

	/**
	 * Returns whether a complete frame's data is {@code [DONE]}.
	 * @see SseEvent#isDone()
	 */
	public static boolean isDone(byte[] frame, int from, int to) {
		return isDone(ByteBuffer.wrap(frame), from, to);
	}

	/**
	 * Returns whether a complete frame's data is {@code [DONE]}.
	 * @see SseEvent#isDone()
	 */
	public static boolean isDone(ByteBuffer bytes, int from, int to) {
		long range = dataRange(bytes, from, to);
		return range >= 0 && end(range) - start(range) == DONE.length && isAt(bytes, start(range), DONE);
	}

	/** Returns whether {@code [from, to)} contains the needle. */
	public static boolean contains(byte[] bytes, int from, int to, byte[] needle) {
		return indexOf(ByteBuffer.wrap(bytes), from, to, needle) >= 0;
	}

	/** Returns whether {@code [from, to)} contains the needle. */
	public static boolean contains(ByteBuffer bytes, int from, int to, byte[] needle) {
		return indexOf(bytes, from, to, needle) >= 0;
	}

	/**
	 * Returns the offset of the needle's first occurrence in {@code [from, to)}, or -1.
	 * It compares the first and the last byte at eight offsets at once and the rest only
	 * where both fit.
	 */
	public static int indexOf(ByteBuffer bytes, int from, int to, byte[] needle) {
		Objects.checkFromToIndex(from, to, bytes.limit());
		int length = needle.length;
		if (length == 0) {
			return from;
		}
		int last = to - length;
		long firstByte = SseLines.eightTimes(needle[0]);
		long lastByte = SseLines.eightTimes(needle[length - 1]);
		int at = from;
		for (; at <= last - (Long.BYTES - 1); at += Long.BYTES) {
			long match = SseLines
				.zeroBytes((SseLines.word(bytes, at) ^ firstByte) | (SseLines.word(bytes, at + length - 1) ^ lastByte));
			for (; match != 0; match &= match - 1) {
				int candidate = at + (Long.numberOfTrailingZeros(match) >>> 3);
				if (isAt(bytes, candidate, needle)) {
					return candidate;
				}
			}
		}
		for (; at <= last; at++) {
			if (isAt(bytes, at, needle)) {
				return at;
			}
		}
		return -1;
	}

	private static boolean isAt(ByteBuffer bytes, int at, byte[] needle) {
		for (int i = 0; i < needle.length; i++) {
			if (bytes.get(at + i) != needle[i]) {
				return false;
			}
		}
		return true;
	}

	private static long range(int start, int end) {
		return ((long) start << Integer.SIZE) | end;
	}

}
