package dev.llmproxy.autoconfigure;

import dev.llmproxy.observability.BreakerMeters;
import dev.llmproxy.observability.BulkheadMeters;
import dev.llmproxy.observability.ConnectionMeters;
import dev.llmproxy.observability.SeriesCap;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.BulkheadFilter;
import dev.llmproxy.routing.Router;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What keeps calls away from targets, and the connections that they go over. */
@Configuration(proxyBeanMethods = false)
class TargetMeterConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean({ BulkheadFilter.class, Router.class })
	BulkheadMeters llmBulkheadMeters(MeterRegistry registry, BulkheadFilter bulkheads, Router router) {
		BulkheadMeters meters = new BulkheadMeters(registry, bulkheads, new ConfiguredNames(router)::targets);
		meters.refresh();
		return meters;
	}

	@Bean
	@ConditionalOnBean(BulkheadMeters.class)
	ReloadListener llmBulkheadMeterListener(BulkheadMeters meters) {
		return (report) -> meters.refresh();
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(Providers.class)
	ConnectionMeters llmConnectionMeters(MeterRegistry registry, Providers providers) {
		ConnectionMeters meters = new ConnectionMeters(registry, providers);
		meters.refresh();
		return meters;
	}

	@Bean
	@ConditionalOnBean(ConnectionMeters.class)
	ReloadListener llmConnectionMeterListener(ConnectionMeters meters) {
		return (report) -> meters.refresh();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(CircuitBreaker.class)
	@ConditionalOnBean({ BreakerGate.class, Router.class })
	static class BreakerConfiguration {

		@Bean
		@ConditionalOnMissingBean
		BreakerMeters llmBreakerMeters(MeterRegistry registry, SeriesCap cap, BreakerGate breakers, Router router) {
			BreakerMeters meters = new BreakerMeters(registry, cap, breakers, new ConfiguredNames(router)::targets);
			breakers.listen(meters);
			meters.refresh();
			return meters;
		}

		@Bean
		ReloadListener llmBreakerMeterListener(BreakerMeters meters) {
			return (report) -> meters.refresh();
		}

	}

}
