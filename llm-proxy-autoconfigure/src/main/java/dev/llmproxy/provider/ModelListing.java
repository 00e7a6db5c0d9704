package dev.llmproxy.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The models on offer under their public names: aliases first, then
 * {@code provider/model} for each provider that can tell. Providers are asked at most
 * once in five minutes, and not waited for longer than they answer in time.
 */
public final class ModelListing {

	private static final Duration TTL = Duration.ofMinutes(5);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Mono<List<ListedModel>> models;

	/**
	 * Creates the list.
	 * @param aliases public names that stand for others
	 * @param health hears which providers could tell
	 */
	public ModelListing(Providers providers, List<String> aliases, ProviderHealth health) {
		List<ListedModel> aliased = aliases.stream().map((alias) -> new ListedModel(alias, 0, "llm-proxy")).toList();
		this.models = Flux.fromIterable(providers.all())
			.flatMapSequential((provider) -> models(provider, health)
				.map((model) -> new ListedModel(provider.name() + "/" + model.id(), model.created(), provider.name()))
				.collectList()
				.timeout(PATIENCE, Mono.just(List.of()))
				.onErrorReturn(List.of()))
			.collectList()
			.map((lists) -> join(aliased, lists))
			.cache(TTL);
	}

	private ModelListing(Mono<List<ListedModel>> models) {
		this.models = models;
	}

	/**
	 * The listing that holds when it is asked for.
	 * @param current tells it; the same until it changes, for what it has asked for
	 */
	public static ModelListing following(Supplier<ModelListing> current) {
		return new ModelListing(Mono.defer(() -> current.get().models()));
	}

	private static Flux<Provider.Model> models(Provider provider, ProviderHealth health) {
		return provider.discovers() ? health.discover(provider, PATIENCE).flatMapIterable((models) -> models)
				: provider.models();
	}

	private static List<ListedModel> join(List<ListedModel> aliased, List<List<ListedModel>> lists) {
		List<ListedModel> all = new ArrayList<>(aliased);
		lists.forEach(all::addAll);
		return List.copyOf(all);
	}

	/** All models, not filtered by who asks. */
	public Mono<List<ListedModel>> models() {
		return this.models;
	}

	/**
	 * A model by its public name.
	 *
	 * @param created seconds since the epoch, 0 where unknown
	 * @param owner the provider's name
	 */
	public record ListedModel(String id, long created, String owner) {
	}

}
