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

	private static final int SMALLEST_BUFFER = 256;

	private static final int LONGEST_KEPT_NAME = 64;

	private static final ByteBuffer BOM = ByteBuffer.wrap(new byte[] { (byte) 0xEF, (byte) 0xBB, (byte) 0xBF });

	private static final ByteBuffer NO_BUFFER = ByteBuffer.allocate(0);

	private static final byte[] NO_BYTES = {};

	private final int maxEventBytes;

	// The unfinished line of the last chunk; of a comment only the length is kept.
	private ByteBuffer held = NO_BUFFER;

	private int heldLength;

	private boolean inComment;

	// The last line ended in CR, so that a LF right after it belongs to it.
	private boolean afterCr;

	private int bomLength;

	// The unfinished event: size of its field lines, its data (exactly sized until a
	// second data line comes) and its name.
	private boolean open;

	private int eventBytes;

	private byte @Nullable [] data;

	private int dataLength;

	private @Nullable String event;

	private @Nullable String id;

	// Streams repeat few names in long runs, so the last one saves most conversions.
	private byte[] lastNameBytes = NO_BYTES;

	private String lastName = "";

	private long comments;

	private long retryMillis = -1;

	private boolean ended;

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
		boolean partial = hasPartial();
		this.ended = true;
		this.open = partial;
		release();
		return partial;
	}

	/**
	 * Returns whether the stream is, or was when it ended, inside an event: something
	 * other than comments and blank lines came after the last complete event. A stream
	 * that ends so has been truncated.
	 */
	public boolean hasPartial() {
		return this.open || (this.heldLength > 0 && !this.inComment)
				|| (this.bomLength > 0 && this.bomLength < BOM.capacity());
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
		return this.retryMillis;
	}

	/** Returns the bytes that are kept between two chunks. */
	int retainedBytes() {
		return this.held.capacity() + ((this.data != null) ? this.data.length : 0);
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
				this.held = ByteBuffer.wrap(Arrays.copyOf(this.held.array(), capacity(needed)));
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
			dispatch(sink);
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
		this.eventBytes += to - from;
		this.open = true;
		int value;
		switch (bytes.get(from)) {
			case 'd' -> {
				value = SseLines.value(bytes, from, to, SseLines.DATA);
				if (value >= 0) {
					data(bytes, value, to - value);
				}
			}
			case 'e' -> {
				value = SseLines.value(bytes, from, to, SseLines.EVENT);
				if (value >= 0) {
					this.event = (value < to) ? name(bytes, value, to - value) : null;
				}
			}
			case 'i' -> {
				value = SseLines.value(bytes, from, to, SseLines.ID);
				if (value >= 0) {
					id(bytes, value, to - value);
				}
			}
			case 'r' -> {
				value = SseLines.value(bytes, from, to, SseLines.RETRY);
				if (value >= 0) {
					retry(bytes, value, to);
				}
			}
			default -> {
				// The standard has unknown fields ignored.
			}
		}
	}

	private void data(ByteBuffer bytes, int from, int length) {
		if (this.data == null) {
			this.data = bytes(bytes, from, length);
			this.dataLength = length;
			return;
		}
		int needed = this.dataLength + 1 + length;
		if (needed > this.data.length) {
			this.data = Arrays.copyOf(this.data, capacity(needed));
		}
		this.data[this.dataLength] = SseLines.LF;
		bytes.get(from, this.data, this.dataLength + 1, length);
		this.dataLength = needed;
	}

	private String name(ByteBuffer bytes, int from, int length) {
		if (isLastName(bytes, from, length)) {
			return this.lastName;
		}
		byte[] copy = bytes(bytes, from, length);
		String name = new String(copy, StandardCharsets.UTF_8);
		if (length <= LONGEST_KEPT_NAME) {
			this.lastNameBytes = copy;
			this.lastName = name;
		}
		return name;
	}

	private boolean isLastName(ByteBuffer bytes, int from, int length) {
		byte[] last = this.lastNameBytes;
		if (length != last.length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if (bytes.get(from + i) != last[i]) {
				return false;
			}
		}
		return true;
	}

	private void id(ByteBuffer bytes, int from, int length) {
		byte[] value = bytes(bytes, from, length);
		for (byte b : value) {
			if (b == 0) {
				return;
			}
		}
		this.id = (length > 0) ? new String(value, StandardCharsets.UTF_8) : null;
	}

	private void retry(ByteBuffer bytes, int from, int to) {
		long millis = (from < to) ? 0 : -1;
		for (int at = from; at < to; at++) {
			int digit = bytes.get(at) - '0';
			if (digit < 0 || digit > 9) {
				return;
			}
			millis = (millis > (Long.MAX_VALUE - digit) / 10) ? Long.MAX_VALUE : millis * 10 + digit;
		}
		if (millis >= 0) {
			this.retryMillis = millis;
		}
	}

	private void dispatch(Consumer<? super SseEvent> sink) {
		byte[] complete = this.data;
		String name = this.event;
		this.data = null;
		this.event = null;
		this.eventBytes = 0;
		this.open = false;
		if (complete != null) {
			sink.accept(new SseEvent(name, this.id,
					(complete.length == this.dataLength) ? complete : Arrays.copyOf(complete, this.dataLength)));
		}
	}

	private int checkSize(long lineLength, boolean comment) {
		if (lineLength + (comment ? 0 : this.eventBytes) > this.maxEventBytes) {
			release();
			this.failure = new FramingException(FramingException.Code.TOO_LARGE,
					(comment ? "A comment" : "An event") + " is larger than " + this.maxEventBytes + " bytes");
			throw this.failure;
		}
		return (int) lineLength;
	}

	private int capacity(int needed) {
		return (int) Math.max(needed, Math.min(this.maxEventBytes, Math.max(SMALLEST_BUFFER, 2L * needed)));
	}

	private void release() {
		this.held = NO_BUFFER;
		this.heldLength = 0;
		this.bomLength = BOM.capacity();
		this.data = null;
		this.lastNameBytes = NO_BYTES;
		this.id = null;
	}

	private static byte[] bytes(ByteBuffer bytes, int from, int length) {
		byte[] copy = new byte[length];
		bytes.get(from, copy);
		return copy;
	}

}
