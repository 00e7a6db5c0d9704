package dev.llmproxy.routing;

import dev.llmproxy.gateway.LlmRequest;

/** Decides which targets may serve a request. Synchronous and without side effects. */
@FunctionalInterface
public interface Router {

	/**
	 * Decides.
	 * @throws dev.llmproxy.gateway.LlmException if the model is not known
	 */
	Route route(LlmRequest request);

}
