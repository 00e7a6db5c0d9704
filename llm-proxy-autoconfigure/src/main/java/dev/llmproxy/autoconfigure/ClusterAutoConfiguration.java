package dev.llmproxy.autoconfigure;

import dev.llmproxy.cluster.BreakerHints;
import dev.llmproxy.cluster.Cluster;
import dev.llmproxy.cluster.RestHints;
import dev.llmproxy.cluster.TargetIdentities;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.Target;
import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.BreakerSwitch;
import dev.llmproxy.resilience.CooldownGate;
import dev.llmproxy.routing.Router;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Nodes tell each other what one of them has learned, where that is switched on. */
@AutoConfiguration(after = { ResilienceAutoConfiguration.class, RoutingAutoConfiguration.class,
		ReloadAutoConfiguration.class, EventAutoConfiguration.class })
@ConditionalOnBooleanProperty("llm-proxy.cluster.enabled")
@ConditionalOnBean({ Providers.class, ProviderSwitch.class })
@EnableConfigurationProperties(ClusterProperties.class)
@Import({ RedisClusterConfiguration.class, OperatorDeskConfiguration.class, ClusterMeterConfiguration.class })
public final class ClusterAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@SuppressWarnings("DoNotCallSuggester") // whoever wants one is to be told
	Cluster llmCluster() {
		throw new InvalidPropertyException("llm-proxy.cluster.enabled",
				"nodes can't tell each other anything because the application has no client for Redis",
				"Add the dependency org.springframework.boot:spring-boot-starter-data-redis, or set it to false.");
	}

	@Bean
	@ConditionalOnMissingBean
	TargetIdentities llmTargetIdentities(Providers providers, ObjectProvider<Router> routers) {
		return new TargetIdentities((id) -> find(id, providers, routers.getIfAvailable()));
	}

	/** Those without a slash have their name from a route. */
	private static @Nullable Target find(String id, Providers providers, @Nullable Router router) {
		int slash = id.indexOf('/');
		if (slash > 0) {
			Provider provider = providers.find(id.substring(0, slash));
			return (provider != null) ? Target.of(provider, id.substring(slash + 1)) : null;
		}
		return (router == null) ? null
				: router.routes()
					.stream()
					.flatMap((route) -> route.targets().stream())
					.filter((target) -> target.id().equals(id))
					.findFirst()
					.orElse(null);
	}

	@Bean(initMethod = "start")
	@ConditionalOnMissingBean
	@ConditionalOnBean(CooldownGate.class)
	RestHints llmRestHints(CooldownGate cooldowns, TargetIdentities identities, Cluster cluster) {
		return new RestHints(cooldowns, identities, cluster);
	}

	@Bean
	HeardChanges llmHeardChanges(ProviderSwitch providers, ObjectProvider<ConfigurationReloader> reloaders,
			OperatorDesk desk, Cluster cluster) {
		HeardChanges heard = new HeardChanges(providers, reloaders.getIfAvailable(), desk);
		cluster.listen(heard);
		return heard;
	}

	/** Breakers are there only with their library. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(CircuitBreaker.class)
	@ConditionalOnBean(BreakerGate.class)
	static class BreakerConfiguration {

		@Bean(initMethod = "start")
		@ConditionalOnMissingBean
		BreakerHints llmBreakerHints(BreakerGate breakers, TargetIdentities identities, Cluster cluster) {
			return new BreakerHints(breakers, identities, cluster);
		}

		@Bean
		HeardBreakerChanges llmHeardBreakerChanges(BreakerGate breakers, ObjectProvider<CooldownGate> cooldowns,
				OperatorDesk desk, Cluster cluster) {
			HeardBreakerChanges heard = new HeardBreakerChanges(new BreakerSwitch(breakers, cooldowns.getIfAvailable()),
					desk);
			cluster.listen(heard);
			return heard;
		}

	}

}
