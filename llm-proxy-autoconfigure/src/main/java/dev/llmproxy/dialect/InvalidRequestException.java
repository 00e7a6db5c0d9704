package dev.llmproxy.dialect;

import dev.llmproxy.chat.LlmError;

import org.jspecify.annotations.Nullable;

/** The caller's request is not what its dialect allows. Carries no stack trace. */
public final class InvalidRequestException extends RuntimeException {

	private final LlmError error;

	public InvalidRequestException(LlmError error) {
		super(error.message(), null, false, false);
		this.error = error;
	}

	/**
	 * Creates one for a field.
	 * @param param the offending field, such as {@code messages[2].content}
	 */
	public InvalidRequestException(String message, @Nullable String param) {
		this(LlmError.invalid(message, param));
	}

	public LlmError error() {
		return this.error;
	}

}
