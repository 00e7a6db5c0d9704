package dev.llmproxy.autoconfigure;

import java.time.Clock;

import dev.llmproxy.gateway.LiveSnapshot;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** The configuration is taken up anew at run time, where anything of it can be. */
@AutoConfiguration(after = { AccessAutoConfiguration.class, ProviderAutoConfiguration.class,
		RoutingAutoConfiguration.class, ObservabilityAutoConfiguration.class })
@ConditionalOnBean(Reloadable.class)
@EnableConfigurationProperties(ReloadProperties.class)
public final class ReloadAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ConfigurationReloader llmConfigurationReloader(ApplicationContext context, ObjectProvider<Reloadable> parts,
			LiveSnapshot live, ObjectProvider<ReloadListener> listeners) {
		return new ConfigurationReloader(context, parts.stream().toList(), live, listeners.orderedStream().toList(),
				Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty("llm-proxy.reload.watch")
	ConfigurationWatch llmConfigurationWatch(ConfigurationReloader reloader, ConfigurableEnvironment environment,
			ReloadProperties properties) {
		return new ConfigurationWatch(reloader, environment, properties);
	}

	/** What Spring Cloud has refreshed is taken up too. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(EnvironmentChangeEvent.class)
	static class SpringCloudConfiguration {

		@Bean
		ApplicationListener<EnvironmentChangeEvent> llmEnvironmentChangeListener(ConfigurationReloader reloader) {
			return new EnvironmentChangeListener(reloader);
		}

	}

	/** A class of its own: the type of a lambda's event can't be told. */
	private record EnvironmentChangeListener(
			ConfigurationReloader reloader) implements ApplicationListener<EnvironmentChangeEvent> {

		@Override
		public void onApplicationEvent(EnvironmentChangeEvent event) {
			this.reloader.refreshed("environment");
		}

	}

}
