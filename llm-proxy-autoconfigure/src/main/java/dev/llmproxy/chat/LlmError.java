package dev.llmproxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * An error as a value, to be rendered in whatever dialect the caller speaks. It holds
 * nothing secret: no key, no prompt, no stack trace.
 *
 * @param kind what went wrong
 * @param message one or two sentences for a person: what and what to do
 * @param code a stable machine-readable word such as {@code model_not_found}
 * @param param the offending field, such as {@code messages[2].content}
 */
public record LlmError(ErrorKind kind, String message, @Nullable String code, @Nullable String param) {

	public LlmError(ErrorKind kind, String message) {
		this(kind, message, null, null);
	}

	public static LlmError invalid(String message, @Nullable String param) {
		return new LlmError(ErrorKind.INVALID_REQUEST, message, "invalid_value", param);
	}

}
