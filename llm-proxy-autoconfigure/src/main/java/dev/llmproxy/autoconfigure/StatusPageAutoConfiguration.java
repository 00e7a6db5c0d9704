package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.routing.Router;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/**
 * The status page and the endpoint {@code llmstatus} that it is made of, where that is
 * exposed. Nothing is counted for it elsewhere.
 */
@AutoConfiguration(after = { RoutingAutoConfiguration.class, ResilienceAutoConfiguration.class })
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ Providers.class, ProviderHealth.class, ProviderSwitch.class, Router.class, StatisticsGate.class,
		AttemptGates.class })
@ConditionalOnBooleanProperty("llm-proxy.status-page.enabled")
@EnableConfigurationProperties(StatusPageProperties.class)
@Import(StatusPageConfiguration.class)
public final class StatusPageAutoConfiguration {

}
