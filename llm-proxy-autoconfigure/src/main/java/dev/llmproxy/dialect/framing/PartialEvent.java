package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** The event that a decoder is reading: takes its field lines until it is complete. */
final class PartialEvent {

	private static final int SMALLEST_BUFFER = 256;

	private static final int LONGEST_KEPT_NAME = 64;

	private static final byte[] NO_BYTES = {};

	private final int maxBytes;

	private boolean open;

	private int size;

	// Exactly sized until a second data line comes, so that one line is copied only once.
	private byte @Nullable [] data;

	private int dataLength;

	private @Nullable String event;

	private @Nullable String id;

	// Streams repeat few names in long runs, so the last one saves most conversions.
	private byte[] lastNameBytes = NO_BYTES;

	private String lastName = "";

	private long retryMillis = -1;

	PartialEvent(int maxBytes) {
		this.maxBytes = maxBytes;
	}

	/** Returns whether there was a field, known or not, since the last event. */
	boolean isOpen() {
		return this.open;
	}

	/** Returns the bytes of all fields since the last event. */
	int size() {
		return this.size;
	}

	long retryMillis() {
		return this.retryMillis;
	}

	int retainedBytes() {
		return (this.data != null) ? this.data.length : 0;
	}

	/** Takes a line that is neither empty nor a comment and keeps the size in bounds. */
	void field(ByteBuffer bytes, int from, int to) {
		this.open = true;
		this.size += to - from;
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

	/** Ends the event and returns it, or {@code null} if it had no data line. */
	@Nullable SseEvent complete() {
		byte[] complete = this.data;
		String name = this.event;
		this.data = null;
		this.event = null;
		this.size = 0;
		this.open = false;
		if (complete == null) {
			return null;
		}
		return new SseEvent(name, this.id,
				(complete.length == this.dataLength) ? complete : Arrays.copyOf(complete, this.dataLength));
	}

	/** Frees the memory. */
	void release() {
		this.data = null;
		this.event = null;
		this.id = null;
		this.lastNameBytes = NO_BYTES;
		this.lastName = "";
	}

	private void data(ByteBuffer bytes, int from, int length) {
		if (this.data == null) {
			this.data = copy(bytes, from, length);
			this.dataLength = length;
			return;
		}
		int needed = this.dataLength + 1 + length;
		if (needed > this.data.length) {
			this.data = Arrays.copyOf(this.data, capacity(needed, this.maxBytes));
		}
		this.data[this.dataLength] = SseLines.LF;
		bytes.get(from, this.data, this.dataLength + 1, length);
		this.dataLength = needed;
	}

	private String name(ByteBuffer bytes, int from, int length) {
		if (isLastName(bytes, from, length)) {
			return this.lastName;
		}
		byte[] copy = copy(bytes, from, length);
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
		byte[] value = copy(bytes, from, length);
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

	private static byte[] copy(ByteBuffer bytes, int from, int length) {
		byte[] copy = new byte[length];
		bytes.get(from, copy);
		return copy;
	}

	/** Returns a capacity that doubles within the bound. */
	static int capacity(int needed, int bound) {
		return (int) Math.max(needed, Math.min(bound, Math.max(SMALLEST_BUFFER, 2L * needed)));
	}

}
