package dev.llmproxy.chat;

import java.util.Locale;

/**
 * What went wrong, independent of any dialect. Each kind has the HTTP status it is
 * answered with and says whether the same request may succeed elsewhere or later.
 */
public enum ErrorKind {

	/** Malformed or contradictory request. */
	INVALID_REQUEST(400, false),

	/** The prompt does not fit the model's context window. */
	CONTEXT_LENGTH(400, false),

	/** The provider's content policy refused the prompt. */
	CONTENT_POLICY(400, false),

	/** The caller's key is missing or unknown. */
	AUTHENTICATION(401, false),

	/** The caller may not do this. */
	PERMISSION(403, false),

	/** No such model, provider or path. */
	NOT_FOUND(404, false),

	METHOD_NOT_ALLOWED(405, false),

	/** The caller took too long to send its request. */
	REQUEST_TIMEOUT(408, false),

	CONFLICT(409, false),

	PAYLOAD_TOO_LARGE(413, false),

	UNSUPPORTED_MEDIA_TYPE(415, false),

	UNPROCESSABLE(422, false),

	/** Too many requests or tokens, here or at the provider. */
	RATE_LIMIT(429, true),

	HEADERS_TOO_LARGE(431, false),

	/** We failed. */
	INTERNAL(500, false),

	/** The gateway or the target can't do what was asked. */
	NOT_IMPLEMENTED(501, false),

	/** The provider failed or answered nonsense. */
	UPSTREAM(502, true),

	/** The provider refused our credentials; the caller can't mend that. */
	UPSTREAM_AUTHENTICATION(502, true),

	/** The provider, or we, have too much to do. */
	OVERLOADED(503, true),

	/** The provider took too long. */
	TIMEOUT(504, true);

	private final int status;

	private final boolean retryable;

	private final String label = name().toLowerCase(Locale.ROOT);

	ErrorKind(int status, boolean retryable) {
		this.status = status;
		this.retryable = retryable;
	}

	public int status() {
		return this.status;
	}

	/** The word for it in logs, metrics and events. */
	public String label() {
		return this.label;
	}

	/** Whether another attempt, here or elsewhere, may succeed. */
	public boolean retryable() {
		return this.retryable;
	}

	/** The kind that fits a provider's HTTP status. */
	public static ErrorKind ofUpstreamStatus(int status) {
		return switch (status) {
			case 400 -> INVALID_REQUEST;
			case 401, 402, 403 -> UPSTREAM_AUTHENTICATION;
			case 404 -> NOT_FOUND;
			case 408, 504 -> TIMEOUT;
			case 409 -> CONFLICT;
			case 413 -> PAYLOAD_TOO_LARGE;
			case 415 -> UNSUPPORTED_MEDIA_TYPE;
			case 422 -> UNPROCESSABLE;
			case 429 -> RATE_LIMIT;
			case 503, 529 -> OVERLOADED;
			default -> (status >= 400 && status < 500) ? INVALID_REQUEST : UPSTREAM;
		};
	}

}
