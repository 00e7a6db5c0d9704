package dev.llmproxy.autoconfigure;

import java.util.Collection;

import dev.llmproxy.provider.ModelListing;
import dev.llmproxy.provider.Providers;
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
		return new ModelRouter(providers, properties.aliases(), defaultProvider(providers, properties));
	}

	private static @Nullable String defaultProvider(Providers providers, RoutingProperties properties) {
		if (properties.defaultProvider() != null) {
			return properties.defaultProvider();
		}
		Collection<String> names = providers.names();
		return (names.size() == 1) ? names.iterator().next() : null;
	}

	@Bean
	@ConditionalOnMissingBean
	ModelListing llmModelListing(Providers providers, RoutingProperties properties) {
		return new ModelListing(providers, properties.aliases().keySet().stream().sorted().toList());
	}

}
