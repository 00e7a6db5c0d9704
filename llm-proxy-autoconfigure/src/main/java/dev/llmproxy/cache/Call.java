package dev.llmproxy.cache;

import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;

/** One request whose answer is not known. */
record Call(CacheKey key, LlmRequest request, CachePolicies policies, Directives directives, LlmHandler next) {

	CachePolicy policy() {
		return this.policies.of(this.request.model());
	}

	Place place() {
		return new Place(this.key, this.request.stream(), this.directives.noCache());
	}

	/**
	 * Those of one place share a call. Who streams does not wait for somebody who does
	 * not, and the other way round.
	 */
	record Place(CacheKey key, boolean stream, boolean noCache) {
	}

}
