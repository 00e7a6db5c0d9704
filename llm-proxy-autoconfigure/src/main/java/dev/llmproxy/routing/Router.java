package dev.llmproxy.routing;

import java.util.Collection;
import java.util.List;

import dev.llmproxy.gateway.LlmRequest;

/** Decides which targets may serve a request. Synchronous and without side effects. */
@FunctionalInterface
public interface Router {

	/**
	 * Decides.
	 * @throws dev.llmproxy.gateway.LlmException if the model is not known
	 */
	Route route(LlmRequest request);

	/** Those that have a name of their own; empty where nobody can tell. */
	default Collection<Route> routes() {
		return List.of();
	}

}
