package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.Providers;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Providers are asked how they are, where that is wanted. */
@AutoConfiguration(after = RoutingAutoConfiguration.class)
@ConditionalOnBooleanProperty("llm-proxy.health.probe.enabled")
public final class ProbeAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ProviderProbes llmProviderProbes(Providers providers, ProviderHealth health, HealthProperties properties) {
		return new ProviderProbes(providers, health, properties.probe());
	}

}
