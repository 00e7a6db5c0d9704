package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.Providers;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The endpoint {@code llmproviders}, where it is exposed. */
@AutoConfiguration(after = RoutingAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ Providers.class, ProviderHealth.class, ProviderSwitch.class })
@Import(OperatorDeskConfiguration.class)
public final class ProvidersEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	ProvidersEndpoint llmProvidersEndpoint(Providers providers, ProviderHealth health, ProviderSwitch operator,
			OperatorDesk desk) {
		return new ProvidersEndpoint(providers, health, operator, desk);
	}

}
