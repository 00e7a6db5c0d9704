package dev.llmproxy.plugin;

import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import reactor.core.publisher.Mono;

/** A plugin's filter, on threads of its own, with a deadline each time it is its turn. */
final class GuardedFilter implements LlmFilter {

	private final LlmFilter filter;

	private final Guard guard;

	GuardedFilter(LlmFilter filter, Guard guard) {
		this.filter = filter;
		this.guard = guard;
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		return Mono.defer(() -> new Passage(this.filter, this.guard, request, next).run());
	}

	@Override
	public int getOrder() {
		return this.filter.getOrder();
	}

}
