package dev.llmproxy.dialect.anthropic;

import dev.llmproxy.chat.FinishReason;
import org.jspecify.annotations.Nullable;

/** Anthropic's {@code stop_reason}. */
final class AnthropicStopReasons {

	private AnthropicStopReasons() {
	}

	static FinishReason decode(@Nullable String reason) {
		return switch ((reason != null) ? reason : "") {
			case "end_turn", "stop_sequence" -> FinishReason.STOP;
			case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
			case "tool_use" -> FinishReason.TOOL_CALLS;
			case "pause_turn" -> FinishReason.PAUSE;
			case "refusal" -> FinishReason.REFUSAL;
			default -> FinishReason.OTHER;
		};
	}

	/**
	 * The word for a reason.
	 * @param called whether the answer asks for tools; not every provider then says so
	 * @param refused whether the answer holds a refusal
	 */
	static String encode(FinishReason reason, boolean stopSequence, boolean called, boolean refused) {
		return switch (reason) {
			case LENGTH -> "max_tokens";
			case TOOL_CALLS -> "tool_use";
			case PAUSE -> "pause_turn";
			case REFUSAL, CONTENT_FILTER -> "refusal";
			case STOP, OTHER -> {
				if (refused) {
					yield "refusal";
				}
				if (called) {
					yield "tool_use";
				}
				yield stopSequence ? "stop_sequence" : "end_turn";
			}
		};
	}

}
