package dev.llmproxy.dialect.bedrock;

import dev.llmproxy.chat.FinishReason;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Converse's {@code stopReason}, and Claude's stop sequence beside it. */
final class BedrockStopReasons {

	/** A JSON Pointer into Claude's own answer. */
	static final String STOP_SEQUENCE_PATH = "/stop_sequence";

	private BedrockStopReasons() {
	}

	/**
	 * Reads a reason.
	 * @param called whether the answer asks for tools of the caller's; a call that stands
	 * for the answer is none
	 */
	static FinishReason decode(JsonNode reason, boolean called) {
		return switch (BedrockJson.stringOrEmpty(reason)) {
			case "end_turn", "stop_sequence" -> FinishReason.STOP;
			case "tool_use" -> called ? FinishReason.TOOL_CALLS : FinishReason.STOP;
			case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
			case "guardrail_intervened", "content_filtered" -> FinishReason.CONTENT_FILTER;
			default -> FinishReason.OTHER;
		};
	}

	/** The sequence that was met, from the object that holds the reason. */
	static @Nullable String stopSequence(JsonNode owner) {
		return BedrockJson.stringOrNull(owner.path("additionalModelResponseFields").path("stop_sequence"));
	}

}
