package dev.llmproxy.gateway;

import reactor.core.publisher.Mono;

/** Answers a call. */
@FunctionalInterface
public interface LlmHandler {

	/**
	 * Answers a call.
	 * @return the head of the answer, or an {@link LlmException}; cancelling it, or its
	 * body, cancels the upstream call
	 */
	Mono<LlmResponse> handle(LlmRequest request);

}
