package dev.llmproxy.autoconfigure;

import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.provider.ModelListing;
import dev.llmproxy.web.ClientKeyWebFilter;
import dev.llmproxy.web.GatewayRoutes;
import dev.llmproxy.web.ModelsHandler;
import dev.llmproxy.web.WebSettings;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The HTTP front in a WebFlux application. */
@AutoConfiguration(after = { GatewayAutoConfiguration.class, AccessAutoConfiguration.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "llm-proxy.web.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WebProperties.class)
public final class ReactiveWebAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	WebSettings llmWebSettings(WebProperties properties) {
		return new WebSettings(properties.basePath(), Math.toIntExact(properties.maxBodySize().toBytes()),
				JsonLimits.DEFAULT, properties.strict());
	}

	@Bean
	@ConditionalOnMissingBean
	ModelsHandler llmModelsHandler(ModelListing listing) {
		return new ModelsHandler(listing);
	}

	@Bean
	@ConditionalOnMissingBean
	GatewayRoutes llmGatewayRoutes(LlmGateway gateway, Codecs codecs, ModelsHandler models, WebSettings settings) {
		return new GatewayRoutes(gateway, codecs, models, settings);
	}

	@Bean
	@ConditionalOnMissingBean
	ClientKeyWebFilter llmClientKeyWebFilter(ClientKeys keys, Codecs codecs, WebSettings settings) {
		return new ClientKeyWebFilter(keys, codecs, settings);
	}

}
