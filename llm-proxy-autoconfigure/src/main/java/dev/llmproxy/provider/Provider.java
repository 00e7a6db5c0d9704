package dev.llmproxy.provider;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Somebody who serves models. Any bean of this type takes part; its {@link #name()} is
 * the prefix in {@code provider/model}. Thread-safe.
 */
public interface Provider {

	/** Unique, lower case, without a slash. */
	String name();

	/**
	 * What it is, such as {@code openai}: whose models it has, whatever it is named.
	 */
	default String type() {
		return name();
	}

	/** The OpenTelemetry {@code gen_ai.provider.name}. */
	default String vendor() {
		return name();
	}

	/** Where it is called; {@code null} if that is nowhere, or not one place. */
	default @Nullable URI address() {
		return null;
	}

	/**
	 * Whether a request of this operation and dialect can be served, translated or not.
	 */
	boolean supports(Operation operation, Dialect dialect);

	/**
	 * The dialect that it is asked in by a request of this operation and dialect;
	 * {@code null} if it does not say.
	 */
	default @Nullable Dialect dialectFor(Operation operation, Dialect dialect) {
		return null;
	}

	/**
	 * Makes one attempt. The head is emitted after the first frame that means something.
	 * @return the head, or a {@link dev.llmproxy.gateway.LlmException}
	 */
	Mono<LlmResponse> execute(Attempt attempt);

	/**
	 * Whether another attempt would use a credential that the provider has not just
	 * refused.
	 */
	default boolean hasFreshCredential() {
		return false;
	}

	/**
	 * Tells whether two nodes have the same account at the same place: a digest from
	 * which nothing can be told. Only then do they tell each other how it does.
	 * @return {@code null} if that can't be said, and so nothing is told
	 */
	default @Nullable String identity() {
		return null;
	}

	/** The models it has, as far as it can tell; never fails. */
	default Flux<Model> models() {
		return Flux.empty();
	}

	/**
	 * Whether {@link #models()} asks the provider, rather than tells what is configured.
	 */
	default boolean discovers() {
		return false;
	}

	/**
	 * Asks the provider for its models, whatever is configured. It costs nothing, so it
	 * also tells whether the provider is there and takes the credential.
	 * @return nothing if it can't be asked; otherwise its models, or a
	 * {@link dev.llmproxy.gateway.LlmException}
	 */
	default Mono<List<Model>> discover(Duration patience) {
		return Mono.empty();
	}

	/**
	 * The connections to it now, for meters.
	 * @return {@code null} if it has none of its own
	 */
	default @Nullable Connections connections() {
		return null;
	}

	/**
	 * Starts of model names that are known to be this provider's, such as {@code gpt-}.
	 */
	default List<String> modelPrefixes() {
		return List.of();
	}

	/**
	 * A model on offer.
	 *
	 * @param id the name without the provider's prefix
	 * @param created seconds since the epoch, 0 where unknown
	 */
	record Model(String id, long created) {
	}

}
