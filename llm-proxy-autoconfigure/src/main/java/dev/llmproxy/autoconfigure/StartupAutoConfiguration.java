package dev.llmproxy.autoconfigure;

import dev.llmproxy.access.ClientKeys;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** A summary in the log, where it is wanted: in the server, not in an application. */
@AutoConfiguration(after = { RoutingAutoConfiguration.class, AccessAutoConfiguration.class })
@ConditionalOnBean({ ConfiguredProviders.class, ClientKeys.class })
@ConditionalOnBooleanProperty("llm-proxy.startup.summary")
@EnableConfigurationProperties({ StartupProperties.class, RoutingProperties.class })
public final class StartupAutoConfiguration {

	@Bean
	StartupSummary llmStartupSummary(ConfiguredProviders providers, RoutingProperties routing, ClientKeys keys,
			AccessProperties access, Environment environment, ObjectProvider<StatusPage> statusPage) {
		return new StartupSummary(providers, routing, keys, ConfiguredKeys.read(access, environment).size(),
				access.guardAddress(), statusPage.getIfAvailable() != null);
	}

}
