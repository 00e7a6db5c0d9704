package dev.llmproxy.provider;

import dev.llmproxy.gateway.LlmResponse;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;

/** Stands around every attempt. Thread-safe. */
public interface AttemptFilter extends Ordered {

	Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next);

	/** Its place, by default just inside the gates; see {@link AttemptOrder}. */
	@Override
	default int getOrder() {
		return AttemptOrder.ADMISSION.order() + 1;
	}

}
