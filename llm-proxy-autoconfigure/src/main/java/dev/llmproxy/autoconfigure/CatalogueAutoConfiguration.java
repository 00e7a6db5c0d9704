package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.catalog.ModelCatalogue;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * What is known of models. An application that knows better has a bean of
 * {@link ModelCatalogue}.
 */
@AutoConfiguration(before = RoutingAutoConfiguration.class)
@EnableConfigurationProperties(CatalogueProperties.class)
public final class CatalogueAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(ModelCatalogue.class)
	ReloadableCatalogue llmReloadableCatalogue(CatalogueProperties properties) {
		return new ReloadableCatalogue(properties);
	}

}
