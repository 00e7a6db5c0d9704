package dev.llmproxy.provider.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.Target;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The models on offer under their public names: routes and aliases first, then
 * {@code provider/model} for each provider that can tell, with what is known of them.
 */
public final class ModelListing {

	private static final String OWN = "llm-proxy";

	private final Supplier<Listed> current;

	/**
	 * Creates the list.
	 * @param names public names that stand for targets
	 * @param defaultProvider serves names that nobody else claims
	 */
	public ModelListing(Providers providers, Map<String, List<Target>> names, @Nullable String defaultProvider,
			ModelCatalogue catalogue, ModelDiscovery discovery) {
		Listed listed = new Listed(providers, new TreeMap<>(names), defaultProvider, catalogue, discovery);
		this.current = () -> listed;
	}

	private ModelListing(Supplier<Listed> current) {
		this.current = current;
	}

	/**
	 * The listing that holds when it is asked for.
	 * @param current tells it
	 */
	public static ModelListing following(Supplier<ModelListing> current) {
		return new ModelListing(() -> current.get().current.get());
	}

	/** All models, not filtered by who asks. */
	public Mono<List<ListedModel>> models() {
		return Mono.defer(() -> this.current.get().models());
	}

	/**
	 * A model that would be served under this name, listed or not: providers know names
	 * that they don't list. A name that nobody but the default provider would take is
	 * found only if that lists it.
	 * @return nothing if there is none
	 */
	public Mono<ListedModel> find(String id) {
		return Mono.defer(() -> this.current.get().find(id));
	}

	/** What is known of a provider's model. */
	public @Nullable ModelFacts facts(Provider provider, String model) {
		return this.current.get().catalogue().find(provider, model);
	}

	/** What is known of all models. */
	public ModelCatalogue catalogue() {
		return this.current.get().catalogue();
	}

	private record Listed(Providers providers, Map<String, List<Target>> names, @Nullable String defaultProvider,
			ModelCatalogue catalogue, ModelDiscovery discovery) {

		Mono<List<ListedModel>> models() {
			return Flux.fromIterable(this.providers.all())
				.flatMapSequential(
						(provider) -> this.discovery.models(provider).map((found) -> listed(provider, found)))
				.collectList()
				.map(this::join);
		}

		private List<ListedModel> join(List<List<ListedModel>> lists) {
			List<ListedModel> all = new ArrayList<>();
			this.names.forEach((name, targets) -> all.add(named(name, targets)));
			lists.forEach(all::addAll);
			return List.copyOf(all);
		}

		private List<ListedModel> listed(Provider provider, FoundModels found) {
			List<ListedModel> models = new ArrayList<>(found.models().size());
			for (Provider.Model model : found.models()) {
				models.add(new ListedModel(provider.name() + "/" + model.id(), model.created(), provider.name(),
						this.catalogue.find(provider, model.id()), found.failingSince()));
			}
			return models;
		}

		/** Of several targets only what holds for each of them is known. */
		private ListedModel named(String name, List<Target> targets) {
			ModelFacts common = null;
			for (int i = 0; i < targets.size(); i++) {
				Target target = targets.get(i);
				ModelFacts facts = this.catalogue.find(target.provider(), target.model());
				common = (i == 0) ? facts : (common != null && facts != null) ? common.and(facts) : null;
			}
			return new ListedModel(name, 0, OWN, common, null);
		}

		Mono<ListedModel> find(String id) {
			List<Target> targets = this.names.get(id);
			if (targets != null) {
				return Mono.just(named(id, targets));
			}
			int slash = id.indexOf('/');
			Provider named = (slash > 0 && slash < id.length() - 1) ? this.providers.find(id.substring(0, slash))
					: null;
			if (named != null) {
				return find(named, id, id.substring(slash + 1), false);
			}
			Provider known = this.providers.findByModel(id);
			Provider last = (known == null && this.defaultProvider != null) ? this.providers.find(this.defaultProvider)
					: null;
			return (known != null) ? find(known, id, id, false)
					: (last != null) ? find(last, id, id, true) : Mono.empty();
		}

		private Mono<ListedModel> find(Provider provider, String id, String model, boolean onlyListed) {
			return this.discovery.models(provider).mapNotNull((found) -> find(provider, id, model, found, onlyListed));
		}

		private @Nullable ListedModel find(Provider provider, String id, String model, FoundModels found,
				boolean onlyListed) {
			for (Provider.Model one : found.models()) {
				if (one.id().equals(model)) {
					return listed(id, provider, model, one.created(), found);
				}
			}
			return onlyListed ? null : listed(id, provider, model, 0, found);
		}

		private ListedModel listed(String id, Provider provider, String model, long created, FoundModels found) {
			return new ListedModel(id, created, provider.name(), this.catalogue.find(provider, model),
					found.failingSince());
		}

	}

}
