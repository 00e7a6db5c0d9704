package dev.llmproxy.context;

import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmRequest;
import org.jspecify.annotations.Nullable;

/** The policies of the configuration that a request began with. */
record CurrentPolicies(LiveSnapshot live) {

	@Nullable ContextPolicy of(LlmRequest request) {
		ContextPolicies policies = this.live.find(request, ContextPolicies.class);
		return (policies != null) ? policies.of(request.model()) : null;
	}

}
