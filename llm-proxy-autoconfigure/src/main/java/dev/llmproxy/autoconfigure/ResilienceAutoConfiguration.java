package dev.llmproxy.autoconfigure;

import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.BreakerSettings;
import dev.llmproxy.resilience.BulkheadFilter;
import dev.llmproxy.resilience.CooldownGate;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.circuitbreaker.resilience4j.ReactiveResilience4JCircuitBreakerFactory;
import org.springframework.cloud.client.circuitbreaker.Customizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Breakers, rests and bulkheads. */
@AutoConfiguration(before = RoutingAutoConfiguration.class,
		afterName = "org.springframework.cloud.circuitbreaker.resilience4j.ReactiveResilience4JAutoConfiguration")
@EnableConfigurationProperties(ResilienceProperties.class)
public final class ResilienceAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "llm-proxy.resilience.cooldown.enabled", matchIfMissing = true)
	CooldownGate llmCooldownGate(ResilienceProperties properties) {
		return InvalidPropertyException.checked("llm-proxy.resilience.cooldown",
				() -> new CooldownGate(properties.cooldown().settings()));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "llm-proxy.resilience.bulkhead.enabled", matchIfMissing = true)
	BulkheadFilter llmBulkheadFilter(ResilienceProperties properties) {
		return InvalidPropertyException.checked("llm-proxy.resilience.bulkhead",
				() -> new BulkheadFilter(properties.bulkhead().settings()));
	}

	/**
	 * Breakers on Spring Cloud's configuration of Resilience4j, in a registry of their
	 * own: the shared one keeps every outcome of every breaker in a buffer behind a lock.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ CircuitBreaker.class, ReactiveResilience4JCircuitBreakerFactory.class })
	@ConditionalOnBooleanProperty(name = "llm-proxy.resilience.breaker.enabled", matchIfMissing = true)
	static class BreakerConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBean(ReactiveResilience4JCircuitBreakerFactory.class)
		BreakerGate llmBreakerGate(ReactiveResilience4JCircuitBreakerFactory factory, ResilienceProperties properties,
				ObjectProvider<Customizer<CircuitBreakerConfig.Builder>> customizers) {
			return InvalidPropertyException.checked("llm-proxy.resilience.breaker", () -> {
				CircuitBreakerConfig.Builder config = CircuitBreakerConfig
					.from(factory.getCircuitBreakerRegistry().getDefaultConfig());
				BreakerSettings settings = properties.breaker().settings();
				settings.applyTo(config);
				customizers.orderedStream().forEach((customizer) -> customizer.customize(config));
				return new BreakerGate(config.build(), settings);
			});
		}

	}

}
