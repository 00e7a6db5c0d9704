package dev.llmproxy.autoconfigure;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.catalog.FoundModels;
import dev.llmproxy.provider.catalog.ListedModel;
import dev.llmproxy.provider.catalog.ModelDiscovery;
import dev.llmproxy.provider.catalog.ModelFacts;
import dev.llmproxy.provider.catalog.ModelListing;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Shows models, what is known of them and who says so, and lets an operator have a
 * provider asked for its models.
 */
@Endpoint(id = "llmmodels")
final class ModelsEndpoint {

	private static final Log logger = LogFactory.getLog(ModelsEndpoint.class);

	private final Providers providers;

	private final ModelListing listing;

	private final ModelDiscovery discovery;

	ModelsEndpoint(Providers providers, ModelListing listing, ModelDiscovery discovery) {
		this.providers = providers;
		this.listing = listing;
		this.discovery = discovery;
	}

	/**
	 * Models on offer.
	 * @param provider whose; by default all
	 * @param q a part of the name; by default any
	 */
	@ReadOperation
	Mono<Descriptor> models(@Nullable String provider, @Nullable String q) {
		return this.listing.models()
			.map((models) -> new Descriptor(this.providers.all().stream().map(this::state).toList(),
					models.stream()
						.filter((model) -> matches(model, provider, q))
						.map((model) -> ModelState.of(model.id(), model))
						.toList()));
	}

	private static boolean matches(ListedModel model, @Nullable String provider, @Nullable String part) {
		return (provider == null || provider.equals(model.owner()))
				&& (part == null || model.id().toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT)));
	}

	private ProviderState state(Provider provider) {
		FoundModels found = this.discovery.known(provider);
		return new ProviderState(provider.name(), provider.type(), found.models().size(), found.toldAt(),
				found.failingSince());
	}

	/** One model, whose name may have slashes in it. */
	@ReadOperation
	Mono<WebEndpointResponse<ModelState>> model(@Selector(match = Selector.Match.ALL_REMAINING) String... name) {
		String id = String.join("/", name);
		return this.listing.find(id)
			.map((model) -> new WebEndpointResponse<>(ModelState.of(id, model)))
			.defaultIfEmpty(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
	}

	/** Asks a provider for its models, whether they are due or not. */
	@WriteOperation
	Mono<WebEndpointResponse<ProviderState>> refresh(SecurityContext context, @Selector String name) {
		Provider provider = this.providers.find(name);
		if (provider == null) {
			return Mono.just(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
		}
		Principal actor = context.getPrincipal();
		logger.info("Provider '" + name + "' is asked for its models by "
				+ ((actor != null) ? actor.getName() : "somebody without a name"));
		return this.discovery.refresh(provider).map((found) -> new WebEndpointResponse<>(state(provider)));
	}

	/**
	 * All of it.
	 *
	 * @param models those that match
	 */
	record Descriptor(List<ProviderState> providers, List<ModelState> models) {
	}

	/**
	 * What is remembered of a provider's list.
	 *
	 * @param models their number
	 * @param refreshed when it told them; {@code null} if never
	 * @param failingSince since when it can't be asked; {@code null} if it can
	 */
	record ProviderState(String name, String type, int models, @Nullable Instant refreshed,
			@Nullable Instant failingSince) {
	}

	/**
	 * A model.
	 *
	 * @param source who says the facts: shipped, file or property
	 * @param knownAs what the facts are of; another name if the model is a version of it
	 */
	record ModelState(String id, String owner, @Nullable String source, @Nullable String knownAs,
			@Nullable ModelFacts facts) {

		static ModelState of(String id, ListedModel model) {
			ModelFacts facts = model.facts();
			return new ModelState(id, model.owner(),
					(facts != null) ? facts.source().name().toLowerCase(Locale.ROOT) : null,
					(facts != null) ? facts.id() : null, facts);
		}

	}

}
