package dev.llmproxy.dialect.bedrock;

import java.util.List;
import java.util.Locale;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.framing.EventStreamMessage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bedrock's errors: {@code {"message"}} with a status, and in a stream an exception,
 * whose type is a header, or an error, which is headers only. What the model itself
 * complained about comes as a {@code ValidationException} and can be told by its words
 * alone.
 */
final class BedrockErrors {

	/** In characters; some models repeat the whole prompt in their complaint. */
	private static final int LONGEST_MESSAGE = 2000;

	/** Where the type of an unmodelled exception stands. */
	private static final String TYPE = "__type";

	private static final List<String> TOO_LONG = List.of("input is too long", "prompt is too long",
			"too many input tokens", "input tokens exceed", "exceed context limit", "exceeds the context",
			"exceed the context", "context length", "context window", "maximum context", "too large for model");

	private BedrockErrors() {
	}

	/** Reads the body of a response whose status is not 2xx. */
	static LlmError decode(int status, byte[] body) {
		ObjectNode root = BedrockJson.parseObject(body);
		if (root == null) {
			return unexplained(status);
		}
		String type = type(BedrockJson.stringOrNull(root.path(TYPE)));
		if (type == null) {
			type = type(BedrockJson.stringOrNull(root.path("Output").path(TYPE)));
		}
		String message = message(root);
		if (message.isEmpty()) {
			LlmError unexplained = unexplained(status);
			return (type != null) ? new LlmError(kind(status, type, ""), unexplained.message(), type, null)
					: unexplained;
		}
		return new LlmError(kind(original(root, status), type, message), bounded(message), type, null);
	}

	/** Reads a message of a stream that is no event. */
	static LlmError decode(EventStreamMessage frame) {
		String type = type(frame.exceptionType());
		ObjectNode root = BedrockJson.parseObject(frame.payload());
		String message = (root != null) ? message(root) : "";
		if (type == null) {
			type = type(frame.header(":error-code"));
			String headline = frame.header(":error-message");
			message = (message.isEmpty() && headline != null) ? headline : message;
		}
		int status = (root != null) ? original(root, status(type)) : status(type);
		ErrorKind kind = kind(status, type, message);
		if (kind == ErrorKind.UPSTREAM_AUTHENTICATION) {
			// It names the gateway's own account.
			message = "The provider refused the gateway's credentials.";
		}
		return new LlmError(kind, message.isBlank() ? "The provider failed while answering." : bounded(message), type,
				null);
	}

	private static LlmError unexplained(int status) {
		return new LlmError(kind(status, null, ""), "The provider answered with status " + status + ".");
	}

	private static String message(JsonNode root) {
		String message = BedrockJson.stringOrEmpty(root.path("message"));
		if (message.isBlank()) {
			message = BedrockJson.stringOrEmpty(root.path("Message"));
		}
		return message.isBlank() ? BedrockJson.stringOrEmpty(root.path("originalMessage")).strip() : message.strip();
	}

	/** Without a namespace before and an address after it. */
	private static @Nullable String type(@Nullable String type) {
		if (type == null || type.isBlank()) {
			return null;
		}
		String name = type.substring(type.indexOf('#') + 1);
		return (name.indexOf(':') >= 0) ? name.substring(0, name.indexOf(':')) : name;
	}

	/**
	 * What the model answered to Bedrock, where it tells; what it says of credentials
	 * isn't about ours.
	 */
	private static int original(JsonNode root, int status) {
		long original = BedrockJson.count(root.path("originalStatusCode"));
		boolean telling = original >= 400 && original < 600 && original != 401 && original != 402 && original != 403;
		return telling ? (int) original : status;
	}

	/** The status that the exception has outside of streams. */
	private static int status(@Nullable String type) {
		return switch ((type != null) ? type.toLowerCase(Locale.ROOT) : "") {
			case "validationexception" -> 400;
			case "accessdeniedexception" -> 403;
			case "resourcenotfoundexception" -> 404;
			case "modeltimeoutexception" -> 408;
			case "throttlingexception", "modelnotreadyexception" -> 429;
			case "serviceunavailableexception" -> 503;
			default -> 502;
		};
	}

	private static ErrorKind kind(int status, @Nullable String type, String message) {
		String words = message.toLowerCase(Locale.ROOT);
		if ("ModelNotReadyException".equalsIgnoreCase(type) || words.contains("not ready to serve")) {
			return ErrorKind.OVERLOADED;
		}
		if ("ServiceQuotaExceededException".equalsIgnoreCase(type) || words.contains("service quota")) {
			return ErrorKind.RATE_LIMIT;
		}
		return switch (status) {
			case 400, 413, 422 -> invalid(status, words);
			// Of Bedrock it means that the model failed.
			case 424 -> isTooLong(words) ? ErrorKind.CONTEXT_LENGTH : ErrorKind.UPSTREAM;
			default -> ErrorKind.ofUpstreamStatus(status);
		};
	}

	/** One status stands for many things, which only the message tells apart. */
	private static ErrorKind invalid(int status, String words) {
		if (isTooLong(words)) {
			return ErrorKind.CONTEXT_LENGTH;
		}
		if (words.contains("content filter") || words.contains("content policy")) {
			return ErrorKind.CONTENT_POLICY;
		}
		if (words.contains("model identifier is invalid") || words.contains("on-demand throughput isn")) {
			return ErrorKind.NOT_FOUND;
		}
		return ErrorKind.ofUpstreamStatus(status);
	}

	private static boolean isTooLong(String words) {
		return TOO_LONG.stream().anyMatch(words::contains);
	}

	private static String bounded(String message) {
		return (message.length() <= LONGEST_MESSAGE) ? message : message.substring(0, LONGEST_MESSAGE - 1) + "…";
	}

}
