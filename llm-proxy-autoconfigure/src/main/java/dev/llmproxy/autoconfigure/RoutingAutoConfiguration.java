package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.provider.ModelListing;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.simulator.SimulatorProvider;
import dev.llmproxy.routing.ModelRouter;
import dev.llmproxy.routing.Router;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Model names and the targets behind them. */
@AutoConfiguration(after = ProviderAutoConfiguration.class)
@EnableConfigurationProperties(RoutingProperties.class)
public final class RoutingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Router llmRouter(Providers providers, RoutingProperties properties) {
		String defaultProvider = defaultProvider(providers, properties);
		RoutingChecks.check(providers, properties);
		return new ModelRouter(providers, properties.aliases(), defaultProvider);
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
	ModelListing llmModelListing(Providers providers, RoutingProperties properties) {
		return new ModelListing(providers, properties.aliases().keySet().stream().sorted().toList());
	}

}
