package dev.llmproxy.testkit.fake;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A request that the real provider would answer with an error, and that error. */
final class RejectedRequest extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	private final String type;

	private final @Nullable String code;

	private final @Nullable String param;

	private final transient Map<String, String> headers;

	RejectedRequest(int status, String type, @Nullable String code, @Nullable String param, String message) {
		this(status, type, code, param, message, Map.of());
	}

	RejectedRequest(int status, String type, @Nullable String code, @Nullable String param, String message,
			Map<String, String> headers) {
		super(message);
		this.status = status;
		this.type = type;
		this.code = code;
		this.param = param;
		this.headers = headers;
	}

	RejectedRequest withHeaders(Map<String, String> extra) {
		return new RejectedRequest(this.status, this.type, this.code, this.param, message(), extra);
	}

	int status() {
		return this.status;
	}

	String type() {
		return this.type;
	}

	@Nullable String code() {
		return this.code;
	}

	@Nullable String param() {
		return this.param;
	}

	String message() {
		return String.valueOf(getMessage());
	}

	Map<String, String> headers() {
		return this.headers;
	}

}
