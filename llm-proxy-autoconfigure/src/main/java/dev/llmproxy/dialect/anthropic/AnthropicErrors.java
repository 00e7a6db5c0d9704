package dev.llmproxy.dialect.anthropic;

import java.util.Locale;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Anthropic's error object:
 * {@code {"type":"error","error":{"type","message"},"request_id"}}. In a stream it is the
 * data of an {@code error} event.
 */
final class AnthropicErrors {

	/** In characters; some providers repeat the whole prompt in their complaint. */
	private static final int LONGEST_MESSAGE = 2000;

	/** Callers look for these words to learn that they have to shorten the prompt. */
	private static final String TOO_LONG = "prompt is too long";

	private static final String PREFIX = TOO_LONG + ": ";

	private AnthropicErrors() {
	}

	static byte[] encode(LlmError error, @Nullable String requestId) {
		ObjectNode body = AnthropicJson.object("error");
		body.putObject("error").put("type", type(error.kind())).put("message", message(error));
		if (requestId != null) {
			body.put("request_id", requestId);
		}
		return AnthropicJson.bytes(body);
	}

	private static String message(LlmError error) {
		String message = error.message();
		boolean said = message.toLowerCase(Locale.ROOT).contains(TOO_LONG);
		return (error.kind() == ErrorKind.CONTEXT_LENGTH && !said) ? PREFIX + message : message;
	}

	/** Takes away what {@link #message} put there; Anthropic's own goes on in digits. */
	private static String original(String message) {
		boolean ours = message.startsWith(PREFIX) && message.length() > PREFIX.length()
				&& !Character.isDigit(message.charAt(PREFIX.length()));
		return ours ? message.substring(PREFIX.length()) : message;
	}

	private static String type(ErrorKind kind) {
		return switch (kind) {
			case INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_POLICY, METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE,
					UNPROCESSABLE, HEADERS_TOO_LARGE, NOT_IMPLEMENTED ->
				"invalid_request_error";
			case AUTHENTICATION -> "authentication_error";
			case PERMISSION -> "permission_error";
			case NOT_FOUND -> "not_found_error";
			case CONFLICT -> "conflict_error";
			case PAYLOAD_TOO_LARGE -> "request_too_large";
			case RATE_LIMIT -> "rate_limit_error";
			case REQUEST_TIMEOUT, TIMEOUT -> "timeout_error";
			case OVERLOADED -> "overloaded_error";
			case INTERNAL, UPSTREAM, UPSTREAM_AUTHENTICATION -> "api_error";
		};
	}

	/** Reads the body of a response whose status is not 2xx. */
	static LlmError decode(int status, byte[] body) {
		ObjectNode root = AnthropicJson.parseObject(body);
		return (root != null) ? decode(status, root) : unexplained(status);
	}

	/**
	 * Reads an error object.
	 * @param status the answer's; of the error types only one that is unknown needs it
	 */
	static LlmError decode(int status, JsonNode root) {
		JsonNode error = root.path("error");
		String type = AnthropicJson.textOrNull(error.path("type"));
		String message = AnthropicJson.textOrEmpty(error.isString() ? error : error.path("message"));
		if (message.isEmpty()) {
			// Gateways in front of compatible endpoints put it at the root.
			message = AnthropicJson.textOrEmpty(root.path("message"));
		}
		if (message.isEmpty() && type == null) {
			return unexplained(status);
		}
		return new LlmError(kind(status, type, message.toLowerCase(Locale.ROOT)),
				message.isEmpty() ? "The provider answered with " + type + "." : bounded(original(message)), type,
				null);
	}

	private static LlmError unexplained(int status) {
		return new LlmError(ErrorKind.ofUpstreamStatus(status), "The provider answered with status " + status + ".");
	}

	private static String bounded(String message) {
		return (message.length() <= LONGEST_MESSAGE) ? message : message.substring(0, LONGEST_MESSAGE - 1) + "…";
	}

	private static ErrorKind kind(int status, @Nullable String type, String message) {
		return switch ((type != null) ? type : "") {
			case "invalid_request_error" -> invalid(status, message);
			case "authentication_error", "permission_error", "billing_error" -> ErrorKind.UPSTREAM_AUTHENTICATION;
			case "not_found_error" -> ErrorKind.NOT_FOUND;
			case "conflict_error" -> ErrorKind.CONFLICT;
			case "request_too_large" -> ErrorKind.PAYLOAD_TOO_LARGE;
			case "rate_limit_error" -> ErrorKind.RATE_LIMIT;
			case "timeout_error" -> ErrorKind.TIMEOUT;
			case "overloaded_error" -> ErrorKind.OVERLOADED;
			case "api_error" -> (status == 529) ? ErrorKind.OVERLOADED : ErrorKind.UPSTREAM;
			default -> isTooLong(message) ? ErrorKind.CONTEXT_LENGTH : ErrorKind.ofUpstreamStatus(status);
		};
	}

	/** One type stands for many things, which only the message tells apart. */
	private static ErrorKind invalid(int status, String message) {
		if (isTooLong(message)) {
			return ErrorKind.CONTEXT_LENGTH;
		}
		if (message.contains("content filtering policy")) {
			return ErrorKind.CONTENT_POLICY;
		}
		if (message.contains("credit balance") || message.contains("usage limits")) {
			return ErrorKind.UPSTREAM_AUTHENTICATION;
		}
		// "This error type may also be used for other 4XX status codes."
		return (status > 400 && status < 500) ? ErrorKind.ofUpstreamStatus(status) : ErrorKind.INVALID_REQUEST;
	}

	private static boolean isTooLong(String message) {
		return message.contains(TOO_LONG) || message.contains("exceed context limit")
				|| message.contains("context window");
	}

}
