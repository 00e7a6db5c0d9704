package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.catalog.ModelDiscovery;
import dev.llmproxy.provider.catalog.ModelListing;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmmodels}, where it is exposed. */
@AutoConfiguration(after = RoutingAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ Providers.class, ModelListing.class, ModelDiscovery.class })
public final class ModelsEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	ModelsEndpoint llmModelsEndpoint(Providers providers, ModelListing listing, ModelDiscovery discovery) {
		return new ModelsEndpoint(providers, listing, discovery);
	}

}
