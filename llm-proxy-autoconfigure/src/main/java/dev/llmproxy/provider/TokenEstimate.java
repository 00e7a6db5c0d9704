package dev.llmproxy.provider;

import dev.llmproxy.chat.ChatRequest;

/** An estimate of tokens where nothing is known of the model. */
public final class TokenEstimate {

	/** Counts by itself, for any model. */
	public static final TokenCounter COUNTER = new PromptCounter(new TextEstimate(Vocabulary.LARGE), PromptShape.CHAT,
			MediaTokens.USUAL);

	/** The same for every model. */
	public static final TokenCounters COUNTERS = (model) -> COUNTER;

	private TokenEstimate() {
	}

	/** Tokens of a prompt. */
	public static long of(ChatRequest request) {
		return COUNTER.count(request);
	}

}
