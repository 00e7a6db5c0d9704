package dev.llmproxy.dialect.framing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One server-sent event. It owns its bytes, so it may outlive the chunk that it was read
 * from; the array is handed out uncopied and must not be changed. Its text form never
 * shows the data.
 *
 * @param event the event's name, or {@code null} where the stream gave none
 * @param id the last id that the stream gave, with this event or before it, or
 * {@code null}
 * @param data the value of the data lines joined by LF, as it came over the wire: UTF-8
 * in a valid stream, and empty if the only data line was
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by content
public record SseEvent(@Nullable String event, @Nullable String id, byte[] data) {

	private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

	/** Returns the data as a string; malformed UTF-8 is replaced by U+FFFD. */
	public String text() {
		return new String(this.data, StandardCharsets.UTF_8);
	}

	/** Returns whether the data is {@code [DONE]}, which ends OpenAI's streams. */
	public boolean isDone() {
		return Arrays.equals(this.data, DONE);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof SseEvent that && Objects.equals(this.event, that.event)
				&& Objects.equals(this.id, that.id) && Arrays.equals(this.data, that.data);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.event, this.id, Arrays.hashCode(this.data));
	}

	@Override
	public String toString() {
		return "SseEvent[event=" + this.event + ", id=" + this.id + ", " + this.data.length + " bytes]";
	}

}
