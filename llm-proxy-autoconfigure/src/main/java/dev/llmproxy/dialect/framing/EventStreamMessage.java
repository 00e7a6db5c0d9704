package dev.llmproxy.dialect.framing;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One message of the AWS event stream. Neither the map nor the payload is copied, as
 * messages are made on the hot path; they must not be changed. Its text form never shows
 * the payload.
 *
 * @param headers the headers by name; a value is a {@link Boolean}, {@link Byte},
 * {@link Short}, {@link Integer}, {@link Long}, {@code byte[]}, {@link String},
 * {@link java.time.Instant} (in milliseconds) or {@link java.util.UUID}
 * @param payload the payload, which is JSON for Amazon Bedrock
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by content
public record EventStreamMessage(Map<String, Object> headers, byte[] payload) {

	/**
	 * Returns a header's value, or {@code null} if it is absent or not a string. Errors
	 * that are not modelled come as {@code :error-code} and {@code :error-message}.
	 */
	public @Nullable String header(String name) {
		return this.headers.get(name) instanceof String value ? value : null;
	}

	/**
	 * Returns {@code :message-type}: {@code event}, {@code exception} or {@code error}.
	 */
	public @Nullable String messageType() {
		return header(":message-type");
	}

	/** Returns {@code :event-type}, the kind of an {@code event}. */
	public @Nullable String eventType() {
		return header(":event-type");
	}

	/** Returns {@code :exception-type}, the kind of an {@code exception}. */
	public @Nullable String exceptionType() {
		return header(":exception-type");
	}

	/** Returns {@code :content-type}, the payload's media type. */
	public @Nullable String contentType() {
		return header(":content-type");
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof EventStreamMessage that && Arrays.equals(this.payload, that.payload)
				&& this.headers.size() == that.headers.size()
				&& this.headers.entrySet()
					.stream()
					.allMatch((header) -> Objects.deepEquals(header.getValue(), that.headers.get(header.getKey())));
	}

	@Override
	public int hashCode() {
		return 31 * this.headers.keySet().hashCode() + Arrays.hashCode(this.payload);
	}

	@Override
	public String toString() {
		return "EventStreamMessage[messageType=" + messageType() + ", eventType=" + eventType() + ", exceptionType="
				+ exceptionType() + ", " + this.payload.length + " bytes]";
	}

}
