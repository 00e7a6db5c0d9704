package dev.llmproxy.context;

import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmRequest;
import org.jspecify.annotations.Nullable;

/** The policies of the configuration that a request began with. */
record CurrentPolicies(LiveSnapshot live) {

	@Nullable ContextPolicy of(LlmRequest request) {
		ContextPolicies policies = this.live.find(request, ContextPolicies.class);
		ContextPolicy policy = (policies != null) ? policies.of(request.model()) : null;
		return (policy == null || policy.flag() == null || on(policy.flag(), request)) ? policy : null;
	}

	private boolean on(String flag, LlmRequest request) {
		Flags flags = this.live.find(request, Flags.class);
		return flags != null && flags.on(flag, request);
	}

}
