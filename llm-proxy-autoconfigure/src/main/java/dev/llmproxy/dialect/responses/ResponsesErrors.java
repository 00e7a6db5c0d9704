package dev.llmproxy.dialect.responses;

import java.util.Locale;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.OpenAiErrorType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors as OpenAI tells them: {@code {"error":{"message","type","param","code"}}} as an
 * answer, an {@code error} event and a {@code response.failed} within a stream, and the
 * {@code error} of a response with status {@code failed}.
 */
final class ResponsesErrors {

	/** The status to judge an error by that came after, or in spite of, a good one. */
	static final int NO_STATUS = 502;

	private static final int LONGEST_MESSAGE = 2000;

	private ResponsesErrors() {
	}

	static byte[] encode(LlmError error, @Nullable String requestId) {
		ObjectNode body = ResponsesJson.object();
		body.set("error", detail(error));
		if (requestId != null) {
			body.put("request_id", requestId);
		}
		return ResponsesJson.write(body);
	}

	/**
	 * The {@code error} event. The reference documents it flat; the API really nests it,
	 * which is what makes the official clients raise it. So it is both.
	 */
	static ObjectNode event(LlmError error, int sequenceNumber, @Nullable String requestId) {
		ObjectNode event = ResponsesJson.object()
			.put("type", "error")
			.put("sequence_number", sequenceNumber)
			.put("code", code(error))
			.put("message", error.message())
			.put("param", error.param());
		event.set("error", detail(error));
		if (requestId != null) {
			event.put("request_id", requestId);
		}
		return event;
	}

	private static ObjectNode detail(LlmError error) {
		return ResponsesJson.object()
			.put("message", error.message())
			.put("type", OpenAiErrorType.of(error.kind()))
			.put("param", error.param())
			.put("code", error.code());
	}

	/** The error of a failed response, where a code is not optional. */
	static ObjectNode failure(LlmError error) {
		return ResponsesJson.object().put("code", code(error)).put("message", error.message());
	}

	private static String code(LlmError error) {
		if (error.code() != null) {
			return error.code();
		}
		return switch (error.kind()) {
			case RATE_LIMIT -> "rate_limit_exceeded";
			case CONTEXT_LENGTH -> "context_length_exceeded";
			case CONTENT_POLICY -> "invalid_prompt";
			case OVERLOADED -> "server_is_overloaded";
			case INVALID_REQUEST -> "invalid_request";
			default -> "server_error";
		};
	}

	/** Reads the body of a refused request; never fails. */
	static LlmError decode(int status, byte[] body) {
		try {
			JsonNode root = ResponsesJson.parse(body);
			// Some servers put message and type at the root.
			return decode(status, root.has("error") ? root.path("error") : root);
		}
		catch (JacksonException ex) {
			return new LlmError(ErrorKind.ofUpstreamStatus(status), generic(status));
		}
	}

	/** Reads an {@code error} or {@code response.failed} event. */
	static LlmError ofEvent(JsonNode event) {
		JsonNode response = event.path("response");
		if (response.isObject()) {
			return decode(NO_STATUS, response.path("error"));
		}
		return decode(NO_STATUS, event.path("error").isObject() ? event.path("error") : event);
	}

	static LlmError decode(int status, JsonNode error) {
		String message = error.isString() ? error.asString() : error.path("message").asString("");
		String code = word(error.path("code"));
		String type = word(error.path("type"));
		if (message.isBlank()) {
			message = (status == NO_STATUS) ? "The provider failed while answering." : generic(status);
		}
		if (message.length() > LONGEST_MESSAGE) {
			message = message.substring(0, LONGEST_MESSAGE);
		}
		if ("error".equals(type)) {
			// The type of the event, not of the error.
			type = null;
		}
		return new LlmError(kind(status, code, type, message), message, (code != null) ? code : type,
				word(error.path("param")));
	}

	private static String generic(int status) {
		return "The provider answered with status " + status + ".";
	}

	private static ErrorKind kind(int status, @Nullable String code, @Nullable String type, String message) {
		String words = code + " " + type;
		if (words.contains("context_length") || isAboutContext(message.toLowerCase(Locale.ROOT))) {
			return ErrorKind.CONTEXT_LENGTH;
		}
		if (hasAny(words, "invalid_prompt", "policy", "content_filter", "moderation_blocked", "cyber")) {
			return ErrorKind.CONTENT_POLICY;
		}
		if (hasAny(words, "rate_limit", "insufficient_quota", "too_many_requests", "quota_exceeded")) {
			return ErrorKind.RATE_LIMIT;
		}
		if (hasAny(words, "overloaded", "slow_down", "service_unavailable")) {
			return ErrorKind.OVERLOADED;
		}
		return (status == NO_STATUS) ? lateKind(code, words) : ErrorKind.ofUpstreamStatus(status);
	}

	private static boolean isAboutContext(String message) {
		return message.contains("maximum context length") || message.contains("exceeds the context window");
	}

	/** Without a status only the words tell whose fault it is. */
	private static ErrorKind lateKind(@Nullable String code, String words) {
		if (code != null && code.matches("[45]\\d\\d")) {
			return ErrorKind.ofUpstreamStatus(Integer.parseInt(code));
		}
		if (words.contains("timeout")) {
			return ErrorKind.TIMEOUT;
		}
		if (words.contains("model_not_found")) {
			return ErrorKind.NOT_FOUND;
		}
		if (hasAny(words, "invalid_api_key", "authentication")) {
			return ErrorKind.UPSTREAM_AUTHENTICATION;
		}
		if (!words.contains("server_error") && hasAny(words, "invalid_", "image", "data_residency")) {
			return ErrorKind.INVALID_REQUEST;
		}
		return ErrorKind.UPSTREAM;
	}

	private static boolean hasAny(String words, String... wanted) {
		for (String word : wanted) {
			if (words.contains(word)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable String word(JsonNode node) {
		return (node.isString() || node.isNumber()) ? node.asString() : null;
	}

}
