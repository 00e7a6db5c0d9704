package dev.llmproxy.provider;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
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

	/**
	 * Tells whether two nodes have the same credentials: a digest of all of them, from
	 * which none can be told; {@code null} if that can't be said.
	 */
	default @Nullable String identity() {
		return null;
	}

	/** For providers that ask for nothing. */
	Authenticator NONE = new Authenticator() {

		@Override
		public Mono<OutboundRequest> authenticate(OutboundRequest request) {
			return Mono.just(request);
		}

		@Override
		public String identity() {
			return "";
		}

	};

}
