package dev.llmproxy.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/** Plugins, where there is a folder for them. Their parts are there before all others. */
@AutoConfiguration(before = { ProviderAutoConfiguration.class, GatewayAutoConfiguration.class,
		RoutingAutoConfiguration.class, EventAutoConfiguration.class })
@ConditionalOnProperty("llm-proxy.plugins.directory")
@EnableConfigurationProperties(PluginProperties.class)
@Import(PluginRegistrar.class)
public final class PluginAutoConfiguration {

}
