package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.dialect.JsonBytes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Why the model stopped, in OpenAI's words and in those of its imitators. */
final class OpenAiFinish {

	private static final byte[] FIELD = "\"finish_reason\"".getBytes(StandardCharsets.US_ASCII);

	private OpenAiFinish() {
	}

	/**
	 * The reason.
	 * @param calls whether tools were called: a forced call, and any call with some
	 * vendors, ends with {@code stop}
	 * @param refused whether the model refused, which ends with {@code stop}
	 */
	static FinishReason read(JsonNode reason, boolean calls, boolean refused) {
		FinishReason read = read(reason.asString(""));
		if (read == FinishReason.STOP || read == FinishReason.OTHER) {
			if (calls) {
				return FinishReason.TOOL_CALLS;
			}
			return refused ? FinishReason.REFUSAL : read;
		}
		return read;
	}

	private static FinishReason read(String word) {
		return switch (word) {
			case "stop", "eos", "eos_token", "end_turn", "stop_sequence" -> FinishReason.STOP;
			case "length", "max_tokens", "model_length" -> FinishReason.LENGTH;
			case "tool_calls", "function_call", "tool_use" -> FinishReason.TOOL_CALLS;
			case "content_filter", "safety" -> FinishReason.CONTENT_FILTER;
			default -> FinishReason.OTHER;
		};
	}

	/** The last choice's reason in a whole answer that nobody decodes. */
	static @Nullable FinishReason find(ByteBuffer bytes, int from, int to) {
		String word = JsonBytes.lastWord(bytes, from, to, FIELD);
		return (word != null) ? read(word) : null;
	}

	/**
	 * OpenAI's word.
	 * @param refused whether there is a refusal to read; without one only a filter
	 * explains why there is nothing
	 */
	static String write(FinishReason reason, boolean refused) {
		return switch (reason) {
			case STOP, PAUSE, OTHER -> "stop";
			case LENGTH -> "length";
			case TOOL_CALLS -> "tool_calls";
			case CONTENT_FILTER -> "content_filter";
			case REFUSAL -> refused ? "stop" : "content_filter";
		};
	}

	/** The older completions know three reasons only. */
	static String writeCompletion(FinishReason reason) {
		return switch (reason) {
			case STOP, PAUSE, OTHER, TOOL_CALLS, REFUSAL -> "stop";
			case LENGTH -> "length";
			case CONTENT_FILTER -> "content_filter";
		};
	}

}
