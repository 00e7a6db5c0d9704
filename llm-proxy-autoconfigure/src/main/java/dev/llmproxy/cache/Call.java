package dev.llmproxy.cache;

import java.time.Duration;

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

	String tenant() {
		return Questions.tenant(this.request.caller(), policy().tenant());
	}

	/** For which its answer may be given at all. */
	Duration longest() {
		CachePolicy policy = policy();
		Duration asked = this.directives.ttl();
		Duration time = (asked != null && asked.compareTo(policy.maxTtl()) > 0) ? asked : policy.maxTtl();
		return time.plus(policy.stale());
	}

	/**
	 * Those of one place share a call. Who streams does not wait for somebody who does
	 * not, and the other way round.
	 */
	record Place(CacheKey key, boolean stream, boolean noCache) {
	}

}
