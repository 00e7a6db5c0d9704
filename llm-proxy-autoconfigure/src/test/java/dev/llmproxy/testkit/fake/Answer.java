package dev.llmproxy.testkit.fake;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a fake model answers, in no provider's terms.
 *
 * @param reasoning what it thinks before it answers, or {@code null} for nothing visible
 * @param text what it says, empty for nothing
 * @param toolCalls which tools it calls
 * @param finish why it stops
 * @param stopSequence the stop sequence it came upon, or {@code null} for none
 */
public record Answer(@Nullable String reasoning, String text, List<ToolCall> toolCalls, Finish finish,
		@Nullable String stopSequence) {

	public Answer {
		toolCalls = List.copyOf(toolCalls);
	}

	/**
	 * An answer that is nothing but text.
	 * @param text the text
	 * @return the answer
	 */
	public static Answer text(String text) {
		return new Answer(null, text, List.of(), Finish.STOP, null);
	}

	/** How many tokens the reasoning has; the kit's token is a word. */
	int reasoningTokens() {
		return (this.reasoning == null) ? 0 : Pieces.words(this.reasoning).size();
	}

	/** How many tokens the whole answer has, the reasoning included. */
	int outputTokens() {
		int tokens = reasoningTokens() + Pieces.words(this.text).size();
		for (ToolCall call : this.toolCalls) {
			tokens += 5 + call.arguments().size();
		}
		return Math.max(1, tokens);
	}

	/** Why a model stops. */
	public enum Finish {

		/** It has said what it had to say. */
		STOP,

		/** It came upon a stop sequence. */
		STOP_SEQUENCE,

		/** It has used up its tokens. */
		LENGTH,

		/** It waits for tools. */
		TOOL_CALLS,

		/** It refuses. */
		REFUSAL

	}

	/**
	 * A call of a tool.
	 *
	 * @param name the tool's name
	 * @param arguments its arguments, an object
	 */
	public record ToolCall(String name, JsonNode arguments) {
	}

}
