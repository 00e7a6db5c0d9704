package dev.llmproxy.provider;

import dev.llmproxy.gateway.LlmResponse;
import reactor.core.publisher.Mono;

/** Makes an attempt. */
@FunctionalInterface
public interface AttemptHandler {

	Mono<LlmResponse> execute(Attempt attempt);

}
