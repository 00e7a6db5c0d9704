package dev.llmproxy.context;

import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Snapshot;
import org.jspecify.annotations.Nullable;

/** The policies of the configuration that a request began with. */
record CurrentPolicies(LiveSnapshot live) {

	@Nullable ContextPolicy of(LlmRequest request) {
		Snapshot began = request.snapshot();
		ContextPolicies policies = (began != null) ? began.find(ContextPolicies.class) : null;
		if (policies == null) {
			policies = this.live.current().find(ContextPolicies.class);
		}
		return (policies != null) ? policies.of(request.model()) : null;
	}

}
