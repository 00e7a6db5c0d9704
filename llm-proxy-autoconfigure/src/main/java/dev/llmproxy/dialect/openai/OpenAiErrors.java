package dev.llmproxy.dialect.openai;

import java.util.List;
import java.util.Locale;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.OpenAiErrorType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's error object: {@code {"error":{"message","type","param","code"}}}.
 */
final class OpenAiErrors {

	private static final JsonMapper JSON = ReadyMapper.shared();

	private static final int MAX_MESSAGE_LENGTH = 2000;

	private static final List<String> TOO_LONG = List.of("maximum context length", "maximum prompt length",
			"reduce the length of the messages", "exceeds the maximum number of tokens", "context window");

	private OpenAiErrors() {
	}

	static byte[] encode(LlmError error, @Nullable String requestId) {
		ObjectNode body = JSON.createObjectNode();
		ObjectNode detail = body.putObject("error");
		detail.put("message", error.message());
		detail.put("type", OpenAiErrorType.of(error.kind()));
		detail.put("param", error.param());
		detail.put("code", error.code());
		if (requestId != null) {
			body.put("request_id", requestId);
		}
		return JSON.writeValueAsBytes(body);
	}

	/** Reads the body of an answer whose status is not 2xx. */
	static LlmError decode(int status, byte[] body) {
		try {
			JsonNode root = JSON.readTree(body);
			if (root.isArray()) {
				// Gemini's compatible API puts it into an array.
				root = root.path(0);
			}
			JsonNode error = root.path("error");
			// Mistral and some others put message and type at the root.
			return decode(status, saysNothing(error) ? root : error);
		}
		catch (JacksonException ex) {
			return new LlmError(ErrorKind.ofUpstreamStatus(status), unexplained(status));
		}
	}

	/** The error in what should have been an answer, or {@code null} if there is none. */
	static @Nullable JsonNode in(JsonNode root) {
		JsonNode error = root.path("error");
		if (!saysNothing(error)) {
			return error;
		}
		// What vLLM did before it followed OpenAI.
		return root.path("object").asString("").equals("error") ? root : null;
	}

	private static boolean saysNothing(JsonNode error) {
		return OpenAiJson.saysNothing(error) || (error.isString() && error.asString().isEmpty());
	}

	/**
	 * Reads an error object.
	 * @param status of the answer; 502 for an error inside a stream, whose status is
	 * told, if at all, by the code
	 */
	static LlmError decode(int status, JsonNode error) {
		String message = message(error);
		String code = text(error.path("code"));
		String type = text(error.path("type"));
		String word = type;
		if (code != null && !isStatus(code)) {
			word = code;
		}
		else if (word == null) {
			word = OpenAiJson.nonEmpty(error.path("status"));
		}
		return new LlmError(kind(status, error, code, type, message.toLowerCase(Locale.ROOT)),
				message.isBlank() ? unexplained(status) : bounded(message), (word != null) ? word : code,
				text(error.path("param")));
	}

	private static String unexplained(int status) {
		return "The provider answered with status " + status + ".";
	}

	private static String message(JsonNode error) {
		if (error.isString()) {
			return error.asString();
		}
		JsonNode message = error.path("message");
		if (message.isMissingNode()) {
			// FastAPI's way.
			message = error.path("detail");
		}
		if (message.isArray() || message.path("detail").isArray()) {
			JsonNode first = message.isArray() ? message.path(0) : message.path("detail").path(0);
			message = first.path("msg");
		}
		return message.isString() ? message.asString() : "";
	}

	private static String bounded(String message) {
		if (message.length() <= MAX_MESSAGE_LENGTH) {
			return message;
		}
		int end = Character.isHighSurrogate(message.charAt(MAX_MESSAGE_LENGTH - 1)) ? MAX_MESSAGE_LENGTH - 1
				: MAX_MESSAGE_LENGTH;
		return message.substring(0, end);
	}

	private static ErrorKind kind(int status, JsonNode error, @Nullable String code, @Nullable String type,
			String message) {
		String words = (((code != null) ? code : "") + " " + ((type != null) ? type : "")).toLowerCase(Locale.ROOT);
		if (words.contains("content_filter") || words.contains("content_policy")
				|| error.path("metadata").has("flagged_input")) {
			return ErrorKind.CONTENT_POLICY;
		}
		if (words.contains("rate_limit") || words.contains("insufficient_quota")) {
			return ErrorKind.RATE_LIMIT;
		}
		if (words.contains("context_length") || (status != 429 && isTooLong(message))) {
			return ErrorKind.CONTEXT_LENGTH;
		}
		if (words.contains("overloaded") || words.contains("service_unavailable")) {
			return ErrorKind.OVERLOADED;
		}
		if (status == 502 && code != null && isStatus(code)) {
			return ErrorKind.ofUpstreamStatus(Integer.parseInt(code));
		}
		if (status == 502 && words.contains("invalid_request")) {
			return ErrorKind.INVALID_REQUEST;
		}
		return ErrorKind.ofUpstreamStatus(status);
	}

	/** Several vendors have no code for it. */
	private static boolean isTooLong(String message) {
		return TOO_LONG.stream().anyMatch(message::contains);
	}

	private static boolean isStatus(String code) {
		return code.length() == 3 && (code.charAt(0) == '4' || code.charAt(0) == '5')
				&& Character.isDigit(code.charAt(1)) && Character.isDigit(code.charAt(2));
	}

	private static @Nullable String text(JsonNode node) {
		return (node.isString() || node.isNumber()) ? node.asString() : null;
	}

}
