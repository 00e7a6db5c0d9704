package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.llmproxy.provider.ModelListing;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.Providers;
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

	private final ProviderHealth health;

	private final Router first;

	private Providers providers;

	private RoutingProperties properties;

	/**
	 * Creates the part.
	 * @param providers the first ones, or the only ones
	 * @throws InvalidPropertyException if a route can't be
	 */
	ReloadableRoutes(Providers providers, RoutingProperties properties, Selectors selectors, RetryPolicy retry,
			ProviderHealth health) {
		this.providers = providers;
		this.properties = properties;
		this.selectors = selectors;
		this.retry = retry;
		this.health = health;
		this.first = router(providers, properties);
	}

	Router first() {
		return this.first;
	}

	private Router router(Providers providers, RoutingProperties properties) {
		String defaultProvider = defaultProvider(providers, properties);
		ModelRouter router = new ModelRouter(providers,
				ConfiguredRoutes.of(providers, properties, this.selectors, this.retry), defaultProvider, this.retry);
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
	static ModelListing listing(Providers providers, RoutingProperties properties, ProviderHealth health) {
		return new ModelListing(providers,
				Stream.concat(properties.aliases().keySet().stream(), properties.routes().keySet().stream())
					.sorted()
					.toList(),
				health);
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
		if (next.equals(this.properties) && providers == this.providers) {
			return;
		}
		reload.put(this, Router.class, router(providers, next), () -> {
			this.providers = providers;
			this.properties = next;
		});
		reload.put(this, ModelListing.class, listing(providers, next, this.health), () -> {
		});
	}

}
