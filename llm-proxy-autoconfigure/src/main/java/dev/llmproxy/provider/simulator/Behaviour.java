package dev.llmproxy.provider.simulator;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** What a simulated model does; each can be asked for by its {@link #word()}. */
enum Behaviour {

	/** Answers. */
	ANSWER,

	/** Refuses with an HTTP status. */
	ERROR,

	/** Refuses the prompt as too long. */
	CONTEXT_LENGTH,

	/** Refuses the prompt for its content. */
	CONTENT_POLICY,

	/** Fails every other time, beginning with the first. */
	FLAKY,

	/** Never answers. */
	STALL,

	/** Begins to answer and falls silent. */
	STALL_MID_STREAM,

	/** Begins to answer and breaks off. */
	CUT_MID_STREAM,

	/** Answers half and is cut off by a filter. */
	CONTENT_FILTER,

	/** Declines in its own words. */
	REFUSAL,

	/** Answers with nothing. */
	EMPTY;

	private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

	String word() {
		return this.word;
	}

	static @Nullable Behaviour find(String word) {
		for (Behaviour behaviour : values()) {
			if (behaviour.word.equals(word) && behaviour != ERROR) {
				return behaviour;
			}
		}
		return null;
	}

}
