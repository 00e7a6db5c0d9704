package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.catalog.ModelCatalogue;
import dev.llmproxy.provider.catalog.ModelDiscovery;
import dev.llmproxy.provider.catalog.ModelListing;
import dev.llmproxy.provider.simulator.SimulatorProvider;
import dev.llmproxy.routing.ForcedRouter;
import dev.llmproxy.routing.ModelRouter;
import dev.llmproxy.routing.RetryPolicy;
import dev.llmproxy.routing.Router;
import dev.llmproxy.routing.Selectors;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** The names of models: routes, aliases and the default provider. */
final class ReloadableRoutes implements Reloadable {

	private static final Set<String> OWN = Set.of("routes", "aliases", "defaultprovider", "routing");

	private final Selectors selectors;

	private final RetryPolicy retry;

	private final ModelDiscovery discovery;

	private final Router first;

	private final ModelListing firstListing;

	private Providers providers;

	private RoutingProperties properties;

	private ModelCatalogue catalogue;

	/**
	 * Creates the part.
	 * @param providers the first ones, or the only ones
	 * @param catalogue the first one, or the only one
	 * @throws InvalidPropertyException if a route can't be
	 */
	ReloadableRoutes(Providers providers, RoutingProperties properties, Selectors selectors, RetryPolicy retry,
			ModelCatalogue catalogue, ModelDiscovery discovery) {
		this.providers = providers;
		this.catalogue = catalogue;
		this.discovery = discovery;
		this.properties = properties;
		this.selectors = selectors;
		this.retry = retry;
		this.first = router(providers, properties, catalogue);
		this.firstListing = listing(providers, properties, catalogue, this.first);
	}

	Router first() {
		return this.first;
	}

	ModelListing firstListing() {
		return this.firstListing;
	}

	private Router router(Providers providers, RoutingProperties properties, ModelCatalogue catalogue) {
		String defaultProvider = defaultProvider(providers, properties);
		ModelRouter router = new ModelRouter(providers,
				ConfiguredRoutes.of(providers, properties, catalogue, this.selectors, this.retry), defaultProvider,
				this.retry);
		return properties.routing().allowForced() ? new ForcedRouter(router) : router;
	}

	/** The only one; a simulator beside it does not count. */
	private static @Nullable String defaultProvider(Providers providers, RoutingProperties properties) {
		if (properties.defaultProvider() != null) {
			return properties.defaultProvider();
		}
		List<Provider> real = providers.all()
			.stream()
			.filter((provider) -> !(provider instanceof SimulatorProvider))
			.toList();
		if (real.isEmpty()) {
			return (providers.find(SimulatorProvider.NAME) != null) ? SimulatorProvider.NAME : null;
		}
		return (real.size() == 1) ? real.get(0).name() : null;
	}

	/** All names, for {@code GET /v1/models}. */
	private ModelListing listing(Providers providers, RoutingProperties properties, ModelCatalogue catalogue,
			Router router) {
		Map<String, List<Target>> names = new HashMap<>();
		router.routes().forEach((route) -> {
			List<Target> targets = new ArrayList<>();
			route.root().forEachTarget(targets::add);
			names.put(route.name(), targets);
		});
		return new ModelListing(providers, names, defaultProvider(providers, properties), catalogue, this.discovery);
	}

	@Override
	public String name() {
		return "routes";
	}

	@Override
	public boolean owns(ConfigurationPropertyName property) {
		return OWN.contains(KnownProperties.feature(property));
	}

	@Override
	public void prepare(Reload reload) {
		RoutingProperties next = reload.bind("llm-proxy", RoutingProperties.class);
		Providers known = reload.next(Providers.class);
		Providers providers = (known != null) ? known : this.providers;
		ModelCatalogue facts = reload.next(ModelCatalogue.class);
		ModelCatalogue catalogue = (facts != null) ? facts : this.catalogue;
		if (next.equals(this.properties) && providers == this.providers && catalogue == this.catalogue) {
			return;
		}
		Router router = router(providers, next, catalogue);
		reload.put(this, Router.class, router, () -> {
			this.providers = providers;
			this.properties = next;
			this.catalogue = catalogue;
		});
		reload.put(this, ModelListing.class, listing(providers, next, catalogue, router), () -> {
		});
	}

}
