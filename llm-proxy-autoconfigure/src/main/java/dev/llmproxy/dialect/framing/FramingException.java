package dev.llmproxy.dialect.framing;

/**
 * A stream broke the rules of its framing, or a bound of ours, and cannot be read any
 * further. The message names sizes and offsets but never content. It carries no stack
 * trace, since the cause is the peer and not the code.
 */
public final class FramingException extends RuntimeException {

	private final Code code;

	FramingException(Code code, String message) {
		super(message, null, false, false);
		this.code = code;
	}

	/** Returns what was wrong. */
	public Code code() {
		return this.code;
	}

	/** The kinds of damage that can be told apart. */
	public enum Code {

		/** An event, line, message or header block is larger than the reader's bound. */
		TOO_LARGE,

		/** The lengths that a message states about itself contradict each other. */
		BAD_LENGTH,

		/** A checksum does not match the bytes it covers. */
		BAD_CHECKSUM,

		/** A header block is malformed although its checksum is right. */
		BAD_HEADER

	}

}
