package dev.llmproxy.provider;

import dev.llmproxy.gateway.LlmResponse;

/** Hears of one attempt. Called in order, not always on one thread. */
public interface AttemptListener {

	/** For who need not know. */
	AttemptListener NONE = (end) -> {
	};

	/** The answer began: its first frame that means something is there. */
	default void head(LlmResponse response) {
	}

	/** It is over; called exactly once, last. */
	void ended(AttemptEnd end);

}
