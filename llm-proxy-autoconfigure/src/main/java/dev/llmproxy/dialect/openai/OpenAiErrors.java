package dev.llmproxy.dialect.openai;

import java.util.Locale;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's error object: {@code {"error":{"message","type","param","code"}}}.
 */
final class OpenAiErrors {

	private static final JsonMapper JSON = JsonMapper.shared();

	private OpenAiErrors() {
	}

	static byte[] encode(LlmError error, @Nullable String requestId) {
		ObjectNode body = JSON.createObjectNode();
		ObjectNode detail = body.putObject("error");
		detail.put("message", error.message());
		detail.put("type", type(error.kind()));
		detail.put("param", error.param());
		detail.put("code", error.code());
		if (requestId != null) {
			body.put("request_id", requestId);
		}
		return JSON.writeValueAsBytes(body);
	}

	static String type(ErrorKind kind) {
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

	static LlmError decode(int status, byte[] body) {
		try {
			JsonNode root = JSON.readTree(body);
			// Mistral and some others put message and type at the root.
			return decode(status, root.has("error") ? root.path("error") : root);
		}
		catch (JacksonException ex) {
			return new LlmError(ErrorKind.ofUpstreamStatus(status),
					"The provider answered with status " + status + ".");
		}
	}

	static LlmError decode(int status, JsonNode error) {
		String message = error.isString() ? error.asString() : error.path("message").asString("");
		String code = text(error.path("code"));
		String type = text(error.path("type"));
		if (message.isEmpty()) {
			message = "The provider answered with status " + status + ".";
		}
		return new LlmError(kind(status, code, type, message), message, (code != null) ? code : type,
				text(error.path("param")));
	}

	private static ErrorKind kind(int status, @Nullable String code, @Nullable String type, String message) {
		String words = ((code != null) ? code : "") + " " + ((type != null) ? type : "");
		if (words.contains("context_length") || message.toLowerCase(Locale.ROOT).contains("maximum context length")) {
			return ErrorKind.CONTEXT_LENGTH;
		}
		if (words.contains("content_filter") || words.contains("content_policy")) {
			return ErrorKind.CONTENT_POLICY;
		}
		if (words.contains("rate_limit") || words.contains("insufficient_quota")) {
			return ErrorKind.RATE_LIMIT;
		}
		if (words.contains("overloaded") || words.contains("service_unavailable")) {
			return ErrorKind.OVERLOADED;
		}
		if (status == 502 && (words.contains("invalid_request") || "400".equals(code))) {
			return ErrorKind.INVALID_REQUEST;
		}
		if (status == 502 && code != null && code.matches("[45]\\d\\d")) {
			return ErrorKind.ofUpstreamStatus(Integer.parseInt(code));
		}
		return ErrorKind.ofUpstreamStatus(status);
	}

	private static @Nullable String text(JsonNode node) {
		return (node.isString() || node.isNumber()) ? node.asString() : null;
	}

}
