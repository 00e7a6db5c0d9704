package dev.llmproxy.gateway;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;

/**
 * Stands around every call: may answer itself, change the request, call {@code next} more
 * than once before a head was emitted, or map the body. Thread-safe.
 */
public interface LlmFilter extends Ordered {

	Mono<LlmResponse> filter(LlmRequest request, LlmHandler next);

	/** Its place; see {@link FilterOrder}. */
	@Override
	default int getOrder() {
		return FilterOrder.GUARDRAIL.order();
	}

}
