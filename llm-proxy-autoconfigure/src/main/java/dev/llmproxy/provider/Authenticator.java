package dev.llmproxy.provider;

import java.time.Duration;

import reactor.core.publisher.Mono;

/** Adds proof of identity to a request. Thread-safe; never blocks. */
@FunctionalInterface
public interface Authenticator {

	/**
	 * Returns the request with its proof.
	 * @return the request, or a {@link dev.llmproxy.gateway.LlmException} where no
	 * credential can be had
	 */
	Mono<OutboundRequest> authenticate(OutboundRequest request);

	/** The provider refused this credential, or wants it to rest. */
	default void refused(Credential credential, Duration rest) {
	}

	/** Whether there is more than one credential, and one that is not at rest. */
	default boolean hasFresh() {
		return false;
	}

	/** For providers that ask for nothing. */
	Authenticator NONE = Mono::just;

}
