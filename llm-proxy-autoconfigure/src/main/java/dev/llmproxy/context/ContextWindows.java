package dev.llmproxy.context;

import dev.llmproxy.gateway.LlmRequest;

/** Knows how long prompts may be for whatever serves a request. Thread-safe; quick. */
@FunctionalInterface
public interface ContextWindows {

	Window of(LlmRequest request);

	/**
	 * What a conversation has to fit in.
	 *
	 * @param tokens of prompt and answer together; 0 where unknown
	 * @param model whose tokens these are, as its provider names it
	 */
	record Window(long tokens, String model) {
	}

}
