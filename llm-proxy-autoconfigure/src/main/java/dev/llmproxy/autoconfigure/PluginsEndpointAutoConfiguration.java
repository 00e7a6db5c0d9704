package dev.llmproxy.autoconfigure;

import dev.llmproxy.plugin.Plugins;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmplugins}, where it is exposed. */
@AutoConfiguration(after = PluginAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(Plugins.class)
public final class PluginsEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	PluginsEndpoint llmPluginsEndpoint(Plugins plugins) {
		return new PluginsEndpoint(plugins);
	}

}
