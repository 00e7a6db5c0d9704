package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.ModelListing;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.simulator.SimulatorProvider;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.provider.TargetHeadroom;
import dev.llmproxy.routing.ForcedRouter;
import dev.llmproxy.routing.ModelRouter;
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

/** Model names, the targets behind them, and when these are tried again. */
@AutoConfiguration(after = ProviderAutoConfiguration.class)
@EnableConfigurationProperties({ RoutingProperties.class, ResilienceProperties.class, HealthProperties.class })
public final class RoutingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Router llmRouter(Providers providers, RoutingProperties properties, StatisticsGate statistics,
			ObjectProvider<TargetHeadroom> headroom, RetryPolicy retry) {
		String defaultProvider = defaultProvider(providers, properties);
		Selectors selectors = new Selectors(statistics, headroom.getIfAvailable(() -> TargetHeadroom.FULL));
		ModelRouter router = new ModelRouter(providers, ConfiguredRoutes.of(providers, properties, selectors, retry),
				defaultProvider, retry);
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
	RoutePlanner llmRoutePlanner(AttemptGates gates) {
		return new RoutePlanner(gates);
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
	ModelListing llmModelListing(Providers providers, RoutingProperties properties, ProviderHealth health) {
		return new ModelListing(providers,
				Stream.concat(properties.aliases().keySet().stream(), properties.routes().keySet().stream())
					.sorted()
					.toList(),
				health);
	}

}
