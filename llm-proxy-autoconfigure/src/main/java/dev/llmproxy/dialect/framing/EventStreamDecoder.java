package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.CRC32;

import org.jspecify.annotations.Nullable;

/**
 * Reads messages of the AWS event stream ({@code application/vnd.amazon.eventstream})
 * from chunks of bytes that may be cut anywhere, by the
 * <a href= "https://smithy.io/2.0/aws/amazon-eventstream.html">Amazon Event Stream
 * Specification</a>. Both checksums are verified before anything is handed over.
 * <p>
 * One instance reads one stream and is not safe for use by several threads at once.
 * Memory is bounded by the largest message allowed and grows only with what has arrived,
 * whatever length a message claims to have.
 */
public final class EventStreamDecoder {

	/** The largest message that the specification knows: 24 MiB and its headers. */
	public static final int MAX_MESSAGE_BYTES = EventStreamEncoder.PRELUDE_BYTES + EventStreamHeaders.MAX_BYTES
			+ EventStreamEncoder.MAX_PAYLOAD_BYTES + EventStreamEncoder.CHECKSUM_BYTES;

	private static final int PRELUDE_BYTES = EventStreamEncoder.PRELUDE_BYTES;

	private static final int CHECKSUM_BYTES = EventStreamEncoder.CHECKSUM_BYTES;

	private static final int MIN_MESSAGE_BYTES = PRELUDE_BYTES + CHECKSUM_BYTES;

	private static final int SMALLEST_BUFFER = 512;

	// A larger buffer is given back as soon as its message is complete.
	private static final int RETAINED_BYTES = 4096;

	private static final int LONGEST_KEPT_HEADERS = 512;

	private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final byte[] NO_BYTES = {};

	private final int maxMessageBytes;

	private final CRC32 crc = new CRC32();

	private byte[] held = NO_BYTES;

	private int heldLength;

	// The messages of a run have the same headers, byte for byte.
	private byte[] lastHeaderBytes = NO_BYTES;

	private Map<String, Object> lastHeaders = Map.of();

	private boolean ended;

	private @Nullable FramingException failure;

	/**
	 * Creates a decoder for one stream.
	 * @param maxMessageBytes the most that one message may have, everything counted
	 * @throws IllegalArgumentException if the bound is below 16, which is an empty
	 * message, or above {@link #MAX_MESSAGE_BYTES}
	 */
	public EventStreamDecoder(int maxMessageBytes) {
		if (maxMessageBytes < MIN_MESSAGE_BYTES || maxMessageBytes > MAX_MESSAGE_BYTES) {
			throw new IllegalArgumentException("maxMessageBytes must be between " + MIN_MESSAGE_BYTES + " and "
					+ MAX_MESSAGE_BYTES + ", not " + maxMessageBytes);
		}
		this.maxMessageBytes = maxMessageBytes;
	}

	/**
	 * Reads {@code length} bytes and hands over the messages that they complete.
	 * @param chunk the array holding the bytes; it is not kept
	 * @param offset the first byte's index
	 * @param length the number of bytes
	 * @param sink takes the messages in order; if it throws, the rest of the chunk is
	 * lost
	 * @throws FramingException if a message is malformed or too large, now and on every
	 * call that follows
	 * @throws IllegalStateException after {@link #end()}
	 */
	public void feed(byte[] chunk, int offset, int length, Consumer<? super EventStreamMessage> sink) {
		Objects.checkFromIndexSize(offset, length, chunk.length);
		if (this.ended) {
			throw new IllegalStateException("The stream has ended");
		}
		if (this.failure != null) {
			throw this.failure;
		}
		try {
			read(chunk, offset, offset + length, sink);
		}
		catch (FramingException ex) {
			this.failure = ex;
			release();
			throw ex;
		}
	}

	/**
	 * Reads a buffer's remaining bytes and hands over the messages that they complete.
	 * @param chunk the bytes; the buffer is not kept, and its position is at its limit
	 * afterwards
	 * @param sink takes the messages in order; if it throws, the rest of the chunk is
	 * lost
	 * @throws FramingException if a message is malformed or too large, now and on every
	 * call that follows
	 * @throws IllegalStateException after {@link #end()}
	 */
	public void feed(ByteBuffer chunk, Consumer<? super EventStreamMessage> sink) {
		if (chunk.hasArray()) {
			int offset = chunk.arrayOffset() + chunk.position();
			int length = chunk.remaining();
			chunk.position(chunk.limit());
			feed(chunk.array(), offset, length, sink);
		}
		else {
			byte[] copy = new byte[chunk.remaining()];
			chunk.get(copy);
			feed(copy, 0, copy.length, sink);
		}
	}

	/**
	 * Ends the stream and frees the memory that an unfinished message holds.
	 * @return the same as {@link #hasPartial()}
	 */
	public boolean end() {
		this.ended = true;
		release();
		return hasPartial();
	}

	/**
	 * Returns whether the stream is, or was when it ended, inside a message. A stream
	 * that ends so has been truncated.
	 */
	public boolean hasPartial() {
		return this.heldLength > 0;
	}

	/** Returns the bytes that are kept between two chunks. */
	int retainedBytes() {
		return this.held.length + this.lastHeaderBytes.length;
	}

	private void read(byte[] chunk, int offset, int to, Consumer<? super EventStreamMessage> sink) {
		int at = offset;
		while (at < to) {
			if (this.heldLength == 0 && to - at >= PRELUDE_BYTES) {
				int length = messageLength(chunk, at);
				if (length <= to - at) {
					EventStreamMessage message = message(chunk, at, length);
					at += length;
					sink.accept(message);
					continue;
				}
			}
			at = hold(chunk, at, to, sink);
		}
	}

	/** Completes the prelude, and once it is there the message. */
	private int hold(byte[] chunk, int at, int to, Consumer<? super EventStreamMessage> sink) {
		int wanted = (this.heldLength < PRELUDE_BYTES) ? PRELUDE_BYTES : (int) INTS.get(this.held, 0);
		int count = Math.min(wanted - this.heldLength, to - at);
		int needed = this.heldLength + count;
		if (needed > this.held.length) {
			this.held = Arrays.copyOf(this.held,
					(int) Math.max(needed, Math.min(this.maxMessageBytes, Math.max(SMALLEST_BUFFER, 2L * needed))));
		}
		System.arraycopy(chunk, at, this.held, this.heldLength, count);
		this.heldLength = needed;
		if (needed == PRELUDE_BYTES) {
			messageLength(this.held, 0);
		}
		else if (needed == wanted) {
			EventStreamMessage message = message(this.held, 0, needed);
			this.heldLength = 0;
			if (this.held.length > RETAINED_BYTES) {
				this.held = NO_BYTES;
			}
			sink.accept(message);
		}
		return at + count;
	}

	/** Verifies a prelude and returns the length of the message that it begins. */
	private int messageLength(byte[] bytes, int at) {
		requireChecksum(bytes, at, PRELUDE_BYTES - CHECKSUM_BYTES);
		long total = Integer.toUnsignedLong((int) INTS.get(bytes, at));
		long headers = Integer.toUnsignedLong((int) INTS.get(bytes, at + Integer.BYTES));
		if (total > this.maxMessageBytes || headers > EventStreamHeaders.MAX_BYTES) {
			throw new FramingException(FramingException.Code.TOO_LARGE,
					"A message of " + total + " bytes with " + headers + " bytes of headers is larger than allowed");
		}
		if (total < MIN_MESSAGE_BYTES + headers) {
			throw new FramingException(FramingException.Code.BAD_LENGTH,
					"A message of " + total + " bytes cannot have " + headers + " bytes of headers");
		}
		return (int) total;
	}

	private EventStreamMessage message(byte[] bytes, int at, int length) {
		requireChecksum(bytes, at, length - CHECKSUM_BYTES);
		int headersLength = (int) INTS.get(bytes, at + Integer.BYTES);
		int payload = at + PRELUDE_BYTES + headersLength;
		return new EventStreamMessage(headers(bytes, at + PRELUDE_BYTES, headersLength),
				Arrays.copyOfRange(bytes, payload, at + length - CHECKSUM_BYTES));
	}

	private Map<String, Object> headers(byte[] bytes, int at, int length) {
		byte[] last = this.lastHeaderBytes;
		if (Arrays.equals(bytes, at, at + length, last, 0, last.length)) {
			return this.lastHeaders;
		}
		Map<String, Object> headers = EventStreamHeaders.read(bytes, at, length);
		if (length <= LONGEST_KEPT_HEADERS) {
			this.lastHeaderBytes = Arrays.copyOfRange(bytes, at, at + length);
			this.lastHeaders = headers;
		}
		return headers;
	}

	private void requireChecksum(byte[] bytes, int at, int length) {
		this.crc.reset();
		this.crc.update(bytes, at, length);
		if ((int) this.crc.getValue() != (int) INTS.get(bytes, at + length)) {
			throw new FramingException(FramingException.Code.BAD_CHECKSUM,
					"The checksum of " + length + " bytes does not match");
		}
	}

	private void release() {
		this.held = NO_BYTES;
		this.lastHeaderBytes = NO_BYTES;
		this.lastHeaders = Map.of();
	}

}
