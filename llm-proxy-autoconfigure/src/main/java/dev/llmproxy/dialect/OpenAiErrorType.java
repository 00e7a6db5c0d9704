package dev.llmproxy.dialect;

import dev.llmproxy.chat.ErrorKind;

/** OpenAI's words for kinds of errors, in all of its dialects. */
public final class OpenAiErrorType {

	private OpenAiErrorType() {
	}

	/** The {@code type} to tell callers. */
	public static String of(ErrorKind kind) {
		return switch (kind) {
			case AUTHENTICATION -> "authentication_error";
			case PERMISSION -> "permission_error";
			case RATE_LIMIT -> "rate_limit_error";
			case REQUEST_TIMEOUT, TIMEOUT -> "timeout_error";
			case OVERLOADED -> "service_unavailable_error";
			case UPSTREAM, UPSTREAM_AUTHENTICATION -> "upstream_error";
			case INTERNAL -> "server_error";
			case NOT_FOUND -> "not_found_error";
			default -> "invalid_request_error";
		};
	}

}
