package dev.llmproxy.chat;

import java.util.Locale;

/** Why the model stopped. */
public enum FinishReason {

	/** It was done, or met a stop sequence. */
	STOP,

	/** The token limit or the context window was reached. */
	LENGTH,

	/** It wants tools to be run. */
	TOOL_CALLS,

	/** The provider's filter cut it off. */
	CONTENT_FILTER,

	/** The model declined (Anthropic {@code refusal}). */
	REFUSAL,

	/** A hosted tool needs another turn (Anthropic {@code pause_turn}). */
	PAUSE,

	/** The provider failed while answering, or said something unknown. */
	OTHER;

	private final String label = name().toLowerCase(Locale.ROOT);

	/** The word for it in logs and spans. */
	public String label() {
		return this.label;
	}

}
