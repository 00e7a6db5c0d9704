package dev.llmproxy.testkit;

import java.nio.charset.StandardCharsets;

/**
 * The peer wrote something that is not well-formed HTTP/1.1, or closed the connection in
 * the middle of a message.
 */
public final class WireFormatException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final boolean truncated;

	private final byte[] partialBody;

	WireFormatException(String message) {
		this(message, false, new byte[0]);
	}

	WireFormatException(String message, boolean truncated, byte[] partialBody) {
		super(message);
		this.truncated = truncated;
		this.partialBody = partialBody;
	}

	/** The peer closed the connection before the message was complete. */
	static WireFormatException truncated(String where) {
		return new WireFormatException("Connection closed " + where, true, new byte[0]);
	}

	WireFormatException withPartialBody(byte[] body) {
		WireFormatException copy = new WireFormatException(String.valueOf(getMessage()), this.truncated, body);
		copy.initCause(this);
		return copy;
	}

	/**
	 * Whether the message was cut short, as opposed to wrongly written.
	 * @return {@code true} if the connection ended inside the message
	 */
	public boolean isTruncated() {
		return this.truncated;
	}

	/**
	 * What had arrived of the body, decoded from its transfer coding.
	 * @return the bytes as UTF-8 text, empty if none arrived
	 */
	public String partialBody() {
		return new String(this.partialBody, StandardCharsets.UTF_8);
	}

}
