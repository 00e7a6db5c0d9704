package dev.llmproxy.autoconfigure;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.provider.TargetHeadroom;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.catalog.ModelCatalogue;
import dev.llmproxy.provider.catalog.ModelDiscovery;
import dev.llmproxy.provider.catalog.ModelListing;
import dev.llmproxy.provider.token.FamilyCounters;
import dev.llmproxy.routing.LiveRouter;
import dev.llmproxy.routing.RetryBudget;
import dev.llmproxy.routing.RetryPolicy;
import dev.llmproxy.routing.RoutePlanner;
import dev.llmproxy.routing.Router;
import dev.llmproxy.routing.RoutingHandler;
import dev.llmproxy.routing.Selectors;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Model names, the targets behind them, and when these are tried again. */
@AutoConfiguration(after = ProviderAutoConfiguration.class)
@EnableConfigurationProperties({ RoutingProperties.class, ResilienceProperties.class, HealthProperties.class,
		CatalogueProperties.class })
@Import(SnapshotConfiguration.class)
public final class RoutingAutoConfiguration {

	/** The providers' part and not the bean, which follows the snapshot. */
	@Bean
	@ConditionalOnMissingBean(Router.class)
	ReloadableRoutes llmReloadableRoutes(ObjectProvider<ReloadableProviders> reloadable,
			ObjectProvider<Providers> fixed, RoutingProperties properties, StatisticsGate statistics,
			ObjectProvider<TargetHeadroom> headroom, RetryPolicy retry, ModelDiscovery discovery,
			ObjectProvider<ReloadableCatalogue> catalogue, ObjectProvider<ModelCatalogue> fixedCatalogue,
			ObjectProvider<Flags> flags, LiveSnapshot live) {
		ReloadableProviders providers = reloadable.getIfAvailable();
		return new ReloadableRoutes((providers != null) ? providers.first() : fixed.getObject(), properties,
				new Selectors(statistics, headroom.getIfAvailable(() -> TargetHeadroom.FULL), flags.getIfAvailable()),
				retry, catalogue(catalogue.getIfAvailable(), fixedCatalogue, live), discovery);
	}

	private static ModelCatalogue catalogue(@Nullable ReloadableCatalogue reloadable,
			ObjectProvider<ModelCatalogue> fixed, LiveSnapshot live) {
		if (reloadable == null) {
			return fixed.getIfAvailable(() -> ModelCatalogue.EMPTY);
		}
		live.add(ModelCatalogue.class, reloadable.first());
		return reloadable.first();
	}

	@Bean
	@ConditionalOnMissingBean
	Router llmRouter(ReloadableRoutes routes, LiveSnapshot live) {
		live.add(Router.class, routes.first());
		return new LiveRouter(live);
	}

	@Bean
	@ConditionalOnMissingBean
	RetryPolicy llmRetryPolicy(ResilienceProperties properties) {
		return InvalidPropertyException.checked("llm-proxy.resilience.retry", () -> properties.retry().policy());
	}

	@Bean
	@ConditionalOnMissingBean
	RetryBudget llmRetryBudget(ResilienceProperties properties) {
		ResilienceProperties.Budget budget = properties.retry().budget();
		return InvalidPropertyException.checked("llm-proxy.resilience.retry.budget",
				() -> new RetryBudget(budget.ratio(), budget.burst()));
	}

	@Bean
	@ConditionalOnMissingBean
	StatisticsGate llmStatisticsGate() {
		return new StatisticsGate();
	}

	@Bean
	@ConditionalOnMissingBean
	ProviderSwitch llmProviderSwitch() {
		return new ProviderSwitch();
	}

	@Bean
	@ConditionalOnMissingBean
	AttemptGates llmAttemptGates(List<AttemptGate> gates) {
		return new AttemptGates(gates);
	}

	@Bean
	@ConditionalOnMissingBean
	RoutePlanner llmRoutePlanner(AttemptGates gates, ObjectProvider<TokenCounters> counters) {
		return new RoutePlanner(gates, counters.getIfAvailable(() -> FamilyCounters.ESTIMATES));
	}

	@Bean
	@ConditionalOnMissingBean
	RoutingHandler llmRoutingHandler(Router router, RoutePlanner planner, RetryBudget budget, StatisticsGate statistics,
			List<AttemptFilter> filters) {
		return new RoutingHandler(router, planner, budget, statistics, filters);
	}

	@Bean
	@ConditionalOnMissingBean
	ProviderHealth llmProviderHealth(StatisticsGate statistics, AttemptGates gates, ProviderSwitch operator,
			HealthProperties properties) {
		return new ProviderHealth(statistics, gates, operator, properties.memory());
	}

	@Bean
	@ConditionalOnMissingBean
	ModelDiscovery llmModelDiscovery(ProviderHealth health, CatalogueProperties properties) {
		return new ModelDiscovery(health, properties.discovery().ttl(), properties.discovery().timeout(),
				InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean
	ModelListing llmModelListing(Providers providers, ModelDiscovery discovery, ObjectProvider<ReloadableRoutes> routes,
			ObjectProvider<ModelCatalogue> catalogue, LiveSnapshot live) {
		ReloadableRoutes reloadable = routes.getIfAvailable();
		if (reloadable == null) {
			return new ModelListing(providers, Map.of(), null, catalogue.getIfAvailable(() -> ModelCatalogue.EMPTY),
					discovery);
		}
		live.add(ModelListing.class, reloadable.firstListing());
		return ModelListing.following(() -> live.get(ModelListing.class));
	}

}
