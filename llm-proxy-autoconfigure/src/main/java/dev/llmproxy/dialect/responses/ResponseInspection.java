package dev.llmproxy.dialect.responses;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Looks at a whole answer that nobody decodes. */
final class ResponseInspection {

	private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] FAILED = "\"failed\"".getBytes(StandardCharsets.US_ASCII);

	/**
	 * The type of a call that the caller is to make; tools are listed by another word.
	 */
	static final byte[] CALL = "\"function_call\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] RESPONSE = "\"response\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] REASON = "\"reason\"".getBytes(StandardCharsets.US_ASCII);

	private ResponseInspection() {
	}

	static WholeInspection of(byte[] body) {
		ByteBuffer bytes = ByteBuffer.wrap(body);
		Usage usage = ResponsesUsage.findPriced(bytes, 0, body.length);
		LlmError error = mayHaveFailed(bytes, body.length) ? error(body) : null;
		return new WholeInspection(usage, (error == null) ? finish(bytes, body.length) : null, error);
	}

	/** The status is the same for an answer in words and for a call of a tool. */
	private static @Nullable FinishReason finish(ByteBuffer bytes, int to) {
		if (!SseFrames.contains(bytes, 0, to, RESPONSE)) {
			return null;
		}
		String reason = JsonBytes.lastWord(bytes, 0, to, REASON);
		if ("max_output_tokens".equals(reason)) {
			return FinishReason.LENGTH;
		}
		if ("content_filter".equals(reason)) {
			return FinishReason.CONTENT_FILTER;
		}
		return SseFrames.contains(bytes, 0, to, CALL) ? FinishReason.TOOL_CALLS : FinishReason.STOP;
	}

	/**
	 * Whether an {@code error} holds an object, or something has {@code failed}. A hosted
	 * tool or a parameter may as well, so this is worth a closer look only.
	 */
	private static boolean mayHaveFailed(ByteBuffer bytes, int to) {
		if (SseFrames.indexOf(bytes, 0, to, FAILED) >= 0) {
			return true;
		}
		for (int at = 0; (at = SseFrames.indexOf(bytes, at, to, ERROR)) >= 0;) {
			at += ERROR.length;
			int value = JsonBytes.value(bytes, at, to);
			if (value >= 0 && bytes.get(value) != 'n') {
				return true;
			}
		}
		return false;
	}

	private static @Nullable LlmError error(byte[] body) {
		try {
			JsonNode root = ResponsesJson.parse(body);
			boolean failed = root.path("status").asString("").equals("failed") || root.path("error").isObject()
					|| root.path("error").isString();
			return failed ? ResponsesErrors.decode(ResponsesErrors.NO_STATUS, root.path("error")) : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
