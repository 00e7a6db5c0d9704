package dev.llmproxy.dialect.gemini;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Google's error object: {@code {"error":{"code","message","status","details"}}}, with
 * the words and types of <a href="https://google.aip.dev/193">AIP-193</a>. Streams that
 * are not SSE, and some front ends of Google, put it into an array.
 */
final class GeminiErrors {

	private static final byte[] FIELD = "\"error\"".getBytes(StandardCharsets.US_ASCII);

	private static final int LONGEST_MESSAGE = 2000;

	private static final String TYPES = "type.googleapis.com/google.rpc.";

	private GeminiErrors() {
	}

	static byte[] encode(LlmError error, @Nullable String requestId) {
		ObjectNode body = GeminiJson.object();
		ObjectNode detail = body.putObject("error");
		detail.put("code", error.kind().status());
		detail.put("message", error.message());
		detail.put("status", status(error.kind()));
		ArrayNode details = GeminiJson.MAPPER.createArrayNode();
		if (error.code() != null) {
			detail(details, "ErrorInfo").put("reason", error.code().toUpperCase(Locale.ROOT))
				.put("domain", "llm-proxy");
		}
		if (error.param() != null) {
			detail(details, "BadRequest").putArray("fieldViolations")
				.addObject()
				.put("field", error.param())
				.put("description", error.message());
		}
		if (requestId != null) {
			detail(details, "RequestInfo").put("requestId", requestId);
		}
		if (!details.isEmpty()) {
			detail.set("details", details);
		}
		return GeminiJson.bytes(body);
	}

	private static ObjectNode detail(ArrayNode details, String type) {
		return details.addObject().put("@type", TYPES + type);
	}

	/**
	 * The word of {@code google.rpc.Code} whose HTTP mapping is nearest to the kind's.
	 */
	private static String status(ErrorKind kind) {
		return switch (kind) {
			case AUTHENTICATION -> "UNAUTHENTICATED";
			case PERMISSION -> "PERMISSION_DENIED";
			case NOT_FOUND -> "NOT_FOUND";
			case CONFLICT -> "ABORTED";
			case RATE_LIMIT -> "RESOURCE_EXHAUSTED";
			case OVERLOADED, UPSTREAM, UPSTREAM_AUTHENTICATION -> "UNAVAILABLE";
			case TIMEOUT, REQUEST_TIMEOUT -> "DEADLINE_EXCEEDED";
			case INTERNAL -> "INTERNAL";
			case NOT_IMPLEMENTED, METHOD_NOT_ALLOWED -> "UNIMPLEMENTED";
			default -> "INVALID_ARGUMENT";
		};
	}

	static LlmError decode(int status, byte[] body) {
		try {
			JsonNode root = GeminiJson.MAPPER.readTree(body);
			return decode(status, find(root.isArray() ? root.path(0) : root));
		}
		catch (JacksonException ex) {
			return decode(status, GeminiJson.object());
		}
	}

	private static JsonNode find(JsonNode root) {
		return root.has("error") ? root.path("error") : root;
	}

	/** The error in a body that came with a good status, or {@code null}. */
	static @Nullable LlmError find(byte[] body) {
		if (!SseFrames.contains(body, 0, body.length, FIELD)) {
			return null;
		}
		try {
			JsonNode root = GeminiJson.MAPPER.readTree(body);
			JsonNode error = (root.isArray() ? root.path(0) : root).path("error");
			return error.isObject() ? decode(502, error) : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/**
	 * Reads the inner object.
	 * @param status of the response, for want of a word and a code
	 */
	static LlmError decode(int status, JsonNode error) {
		int code = error.path("code").asInt(status);
		String message = error.isString() ? error.stringValue() : text(error.path("message"));
		if (message == null || message.isEmpty()) {
			message = "The provider answered with status " + code + ".";
		}
		String word = text(error.path("status"));
		String reason = null;
		String field = null;
		for (JsonNode detail : error.path("details")) {
			reason = (reason != null) ? reason : text(detail.path("reason"));
			field = (field != null) ? field : text(detail.path("fieldViolations").path(0).path("field"));
		}
		return new LlmError(kind(code, word, reason, message), bounded(message), (reason != null) ? reason : word,
				(field != null && !field.isEmpty()) ? field : null);
	}

	private static ErrorKind kind(int code, @Nullable String word, @Nullable String reason, String message) {
		return switch ((word != null) ? word : "") {
			case "INVALID_ARGUMENT", "OUT_OF_RANGE" -> invalid(reason, message);
			// The account is not set up for it, or the region: another one may be.
			case "FAILED_PRECONDITION" -> ErrorKind.UPSTREAM;
			case "UNAUTHENTICATED", "PERMISSION_DENIED" -> ErrorKind.UPSTREAM_AUTHENTICATION;
			case "NOT_FOUND" -> ErrorKind.NOT_FOUND;
			case "RESOURCE_EXHAUSTED" -> ErrorKind.RATE_LIMIT;
			case "UNAVAILABLE" -> ErrorKind.OVERLOADED;
			case "DEADLINE_EXCEEDED" -> ErrorKind.TIMEOUT;
			case "ABORTED", "ALREADY_EXISTS" -> ErrorKind.CONFLICT;
			case "UNIMPLEMENTED" -> ErrorKind.NOT_IMPLEMENTED;
			case "INTERNAL", "UNKNOWN", "DATA_LOSS", "CANCELLED" -> ErrorKind.UPSTREAM;
			default -> (code == 400) ? invalid(reason, message) : ErrorKind.ofUpstreamStatus(code);
		};
	}

	private static ErrorKind invalid(@Nullable String reason, String message) {
		if ("API_KEY_INVALID".equals(reason) || message.startsWith("API key not valid")
				|| message.startsWith("API key expired")) {
			return ErrorKind.UPSTREAM_AUTHENTICATION;
		}
		String lower = message.toLowerCase(Locale.ROOT);
		return (lower.contains("exceeds the maximum number of tokens")
				|| (lower.contains("token count") && lower.contains("exceed"))) ? ErrorKind.CONTEXT_LENGTH
						: ErrorKind.INVALID_REQUEST;
	}

	private static String bounded(String message) {
		if (message.length() <= LONGEST_MESSAGE) {
			return message;
		}
		boolean half = Character.isHighSurrogate(message.charAt(LONGEST_MESSAGE - 1));
		return message.substring(0, half ? LONGEST_MESSAGE - 1 : LONGEST_MESSAGE);
	}

	private static @Nullable String text(JsonNode node) {
		return node.isString() ? node.stringValue() : null;
	}

}
