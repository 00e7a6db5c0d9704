package dev.llmproxy.autoconfigure;

import dev.llmproxy.flag.FlagFilter;
import dev.llmproxy.flag.FlagSettings;
import dev.llmproxy.flag.MemoryProvider;
import dev.llmproxy.flag.OpenFeatureFlags;
import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.openfeature.sdk.FeatureProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/** Feature flags, where OpenFeature's SDK is. */
@AutoConfiguration(before = { RoutingAutoConfiguration.class, GatewayAutoConfiguration.class })
@ConditionalOnClass(FeatureProvider.class)
@EnableConfigurationProperties({ FlagProperties.class, RoutingProperties.class, CacheProperties.class,
		ContextProperties.class })
@Import({ SnapshotConfiguration.class, UnleashFlagConfiguration.class, FlagsmithFlagConfiguration.class,
		FlagdFlagConfiguration.class })
public final class FlagAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(Flags.class)
	FlagConnection llmFlagConnection(FlagProperties properties, ObjectProvider<FeatureProvider> beans,
			ObjectProvider<FlagProviderFactory> factories, LiveSnapshot live) {
		FlagProviderFactory factory = factory(properties, factories);
		return new FlagConnection(() -> {
			FeatureProvider bean = beans.getIfAvailable();
			if (bean != null) {
				return bean;
			}
			return (factory != null) ? factory.create() : new MemoryProvider(() -> live.get(FlagSettings.class));
		}, properties.startTimeout());
	}

	private static @Nullable FlagProviderFactory factory(FlagProperties properties,
			ObjectProvider<FlagProviderFactory> factories) {
		FlagProviderFactory factory = factories.getIfAvailable();
		if (factory != null || properties.provider() == FlagProperties.Source.MEMORY) {
			return factory;
		}
		String dependencies = switch (properties.provider()) {
			case UNLEASH -> "dev.openfeature.contrib.providers:unleash and io.getunleash:unleash-client-java";
			case FLAGSMITH -> "dev.openfeature.contrib.providers:flagsmith";
			default -> "dev.openfeature.contrib.providers:flagd";
		};
		throw new InvalidPropertyException("llm-proxy.flags.provider",
				"the application has no client for " + properties.provider().name().toLowerCase(java.util.Locale.ROOT),
				"Add the dependency " + dependencies + ".");
	}

	@Bean
	@ConditionalOnMissingBean(Flags.class)
	OpenFeatureFlags llmFlags(FlagProperties properties, FlagConnection connection,
			ObjectProvider<FeatureProvider> bean, ObjectProvider<FlagProviderFactory> factories, LiveSnapshot live) {
		FlagProviderFactory factory = factories.getIfAvailable();
		boolean foreign = bean.stream().findAny().isPresent();
		boolean remote = switch (properties.evaluation()) {
			case IN_PROCESS -> false;
			case REMOTE -> true;
			case AUTO -> foreign || (factory != null && factory.remote());
		};
		OpenFeatureFlags flags = new OpenFeatureFlags(connection::client, live, new OpenFeatureFlags.Settings(remote,
				!foreign && factory == null, properties.remembered(), properties.maxAge(), connection.executor()));
		live.add(Flags.class, flags);
		return flags;
	}

	/** Has the settings in the snapshot before the first request. */
	@Bean
	@ConditionalOnBean(OpenFeatureFlags.class)
	ReloadableFlags llmReloadableFlags(FlagProperties properties, RoutingProperties routing, CacheProperties cache,
			ContextProperties context, OpenFeatureFlags flags, ObjectProvider<FeatureProvider> bean,
			LiveSnapshot live) {
		boolean ours = properties.provider() == FlagProperties.Source.MEMORY && bean.stream().findAny().isEmpty();
		ReloadableFlags part = new ReloadableFlags(flags,
				ConfiguredFlags.read(properties, routing, cache, context, ours), ours);
		live.add(FlagSettings.class, part.first());
		if (!part.first().unused()) {
			flags.connect();
		}
		return part;
	}

	@Bean
	@ConditionalOnBean(OpenFeatureFlags.class)
	@Conditional(OnFlagFilter.class)
	FlagFilter llmFlagFilter(OpenFeatureFlags flags, FlagProperties properties) {
		return new FlagFilter(flags, properties.deadline());
	}

	/** Where flags name models, or a server may have to be asked. */
	static final class OnFlagFilter extends AnyNestedCondition {

		OnFlagFilter() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnProperty("llm-proxy.flags.model")
		static final class Named {

		}

		@ConditionalOnProperty(name = "llm-proxy.flags.evaluation", havingValue = "remote")
		static final class Remote {

		}

		@ConditionalOnBean(FlagProviderFactory.class)
		static final class Server {

		}

		@ConditionalOnBean(FeatureProvider.class)
		static final class Own {

		}

	}

}
