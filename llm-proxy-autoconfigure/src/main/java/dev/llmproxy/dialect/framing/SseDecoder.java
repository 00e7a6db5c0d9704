package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events from chunks of bytes that may be cut anywhere, by the rules of
 * the <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML
 * standard</a>. An event is handed over as soon as its blank line's first byte has
 * arrived; an event without that line is never handed over, but {@link #end()} tells that
 * there was one.
 * <p>
 * One instance reads one stream and is not safe for use by several threads at once.
 * Memory is bounded: what is kept between two chunks is a small multiple of the bound
 * given to the constructor, whatever is fed, and grows only with what has arrived.
 */
public final class SseDecoder {

	// Room for a usual event; a larger one gives its buffer back when it is complete, so
	// that many open streams do not keep their largest event's size.
	private static final int RETAINED_BYTES = 4096;

	private static final ByteBuffer BOM = ByteBuffer.wrap(new byte[] { (byte) 0xEF, (byte) 0xBB, (byte) 0xBF });

	private static final ByteBuffer NO_BUFFER = ByteBuffer.allocate(0);

	private final int maxEventBytes;

	private final PartialEvent partial;

	// The unfinished line of the last chunk; of a comment only the length is kept.
	private ByteBuffer held = NO_BUFFER;

	private int heldLength;

	private boolean inComment;

	// The last line ended in CR, so that a LF right after it belongs to it.
	private boolean afterCr;

	private int bomLength;

	private long comments;

	private boolean ended;

	private boolean endedInEvent;

	private @Nullable FramingException failure;

	/**
	 * Creates a decoder for one stream.
	 * @param maxEventBytes the most that the lines of one event may hold together, line
	 * ends and comments not counted; also the most that one comment line may hold
	 * @throws IllegalArgumentException if the bound is not positive
	 */
	public SseDecoder(int maxEventBytes) {
		if (maxEventBytes <= 0) {
			throw new IllegalArgumentException("maxEventBytes must be positive, not " + maxEventBytes);
		}
		this.maxEventBytes = maxEventBytes;
		this.partial = new PartialEvent(maxEventBytes);
	}

	/**
	 * The data of a whole event, its lines joined.
	 * @param frame the event with its blank line; left as it is
	 * @return empty if the event has no data
	 */
	public static byte[] dataOf(ByteBuffer frame) {
		byte[][] data = { {} };
		new SseDecoder(Math.max(1, frame.remaining())).feed(frame.duplicate(), (event) -> data[0] = event.data());
		return data[0];
	}

	/**
	 * Reads {@code length} bytes and hands over the events that they complete.
	 * @param chunk the array holding the bytes; it is not kept
	 * @param offset the first byte's index
	 * @param length the number of bytes
	 * @param sink takes the events in order; if it throws, the rest of the chunk is lost
	 * @throws FramingException if an event or comment is too large, now and on every call
	 * that follows
	 * @throws IllegalStateException after {@link #end()}
	 */
	public void feed(byte[] chunk, int offset, int length, Consumer<? super SseEvent> sink) {
		Objects.checkFromIndexSize(offset, length, chunk.length);
		read(ByteBuffer.wrap(chunk), offset, offset + length, sink);
	}

	/**
	 * Reads a buffer's remaining bytes, without a copy if it is direct, and hands over
	 * the events that they complete.
	 * @param chunk the bytes; the buffer is not kept, and its position is at its limit
	 * afterwards
	 * @param sink takes the events in order; if it throws, the rest of the chunk is lost
	 * @throws FramingException if an event or comment is too large, now and on every call
	 * that follows
	 * @throws IllegalStateException after {@link #end()}
	 */
	public void feed(ByteBuffer chunk, Consumer<? super SseEvent> sink) {
		int from = chunk.position();
		chunk.position(chunk.limit());
		read(chunk, from, chunk.limit(), sink);
	}

	/**
	 * Ends the stream and forgets an unfinished event.
	 * @return the same as {@link #hasPartial()}
	 */
	public boolean end() {
		this.endedInEvent = hasPartial();
		this.ended = true;
		release();
		return this.endedInEvent;
	}

	/**
	 * Returns whether the stream is, or was when it ended, inside an event: something
	 * other than comments and blank lines came after the last complete event. A stream
	 * that ends so has been truncated.
	 */
	public boolean hasPartial() {
		return this.endedInEvent || (!this.ended && isInEvent());
	}

	/**
	 * Returns how many comment lines there were. Providers send them as keep-alives; they
	 * are not progress.
	 */
	public long comments() {
		return this.comments;
	}

	/** Returns the reconnection time last asked for, in milliseconds, or -1. */
	public long retryMillis() {
		return this.partial.retryMillis();
	}

	/** Returns the bytes that are kept between two chunks. */
	int retainedBytes() {
		return this.held.capacity() + this.partial.retainedBytes();
	}

	private boolean isInEvent() {
		return this.partial.isOpen() || (this.heldLength > 0 && !this.inComment)
				|| (this.bomLength > 0 && this.bomLength < BOM.capacity());
	}

	private void read(ByteBuffer chunk, int from, int to, Consumer<? super SseEvent> sink) {
		if (this.ended) {
			throw new IllegalStateException("The stream has ended");
		}
		if (this.failure != null) {
			throw this.failure;
		}
		int at = (this.bomLength < BOM.capacity()) ? skipBom(chunk, from, to) : from;
		while (at < to) {
			if (this.afterCr) {
				this.afterCr = false;
				if (chunk.get(at) == SseLines.LF) {
					at++;
					continue;
				}
			}
			int end = SseLines.end(chunk, at, to);
			if (end == to) {
				hold(chunk, at, to);
				return;
			}
			this.afterCr = (chunk.get(end) == SseLines.CR);
			if (this.heldLength == 0) {
				line(chunk, at, end, sink);
			}
			else {
				hold(chunk, at, end);
				heldLine();
			}
			at = end + 1;
		}
	}

	/** Skips what is left of a leading byte order mark, which may come in pieces. */
	private int skipBom(ByteBuffer chunk, int from, int to) {
		int at = from;
		while (at < to && this.bomLength < BOM.capacity()) {
			if (chunk.get(at) != BOM.get(this.bomLength)) {
				// No mark after all: what earlier chunks held of it begins the first
				// line.
				int earlier = this.bomLength - (at - from);
				this.bomLength = BOM.capacity();
				hold(BOM, 0, earlier);
				return from;
			}
			this.bomLength++;
			at++;
		}
		return at;
	}

	private void hold(ByteBuffer chunk, int from, int to) {
		int length = to - from;
		if (length == 0) {
			return;
		}
		if (this.heldLength == 0) {
			this.inComment = (chunk.get(from) == ':');
		}
		int needed = checkSize((long) this.heldLength + length, this.inComment);
		if (!this.inComment) {
			if (needed > this.held.capacity()) {
				this.held = ByteBuffer
					.wrap(Arrays.copyOf(this.held.array(), PartialEvent.capacity(needed, this.maxEventBytes)));
			}
			chunk.get(from, this.held.array(), this.heldLength, length);
		}
		this.heldLength = needed;
	}

	private void heldLine() {
		int length = this.heldLength;
		this.heldLength = 0;
		if (this.inComment) {
			this.comments++;
			return;
		}
		field(this.held, 0, length);
		if (this.held.capacity() > RETAINED_BYTES) {
			this.held = NO_BUFFER;
		}
	}

	private void line(ByteBuffer chunk, int from, int to, Consumer<? super SseEvent> sink) {
		if (from == to) {
			SseEvent event = this.partial.complete();
			if (event != null) {
				sink.accept(event);
			}
		}
		else if (chunk.get(from) == ':') {
			checkSize(to - from, true);
			this.comments++;
		}
		else {
			field(chunk, from, to);
		}
	}

	private void field(ByteBuffer bytes, int from, int to) {
		checkSize(to - from, false);
		this.partial.field(bytes, from, to);
	}

	private int checkSize(long lineLength, boolean comment) {
		if (lineLength + (comment ? 0 : this.partial.size()) > this.maxEventBytes) {
			release();
			this.failure = new FramingException(FramingException.Code.TOO_LARGE,
					(comment ? "A comment" : "An event") + " is larger than " + this.maxEventBytes + " bytes");
			throw this.failure;
		}
		return (int) lineLength;
	}

	private void release() {
		this.held = NO_BUFFER;
		this.heldLength = 0;
		this.partial.release();
	}

}
