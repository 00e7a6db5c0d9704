package dev.llmproxy.autoconfigure;

import java.util.Set;

import dev.llmproxy.observability.AttemptMeterGate;
import dev.llmproxy.observability.BreakerMeters;
import dev.llmproxy.observability.BulkheadMeters;
import dev.llmproxy.observability.ChargeMeters;
import dev.llmproxy.observability.ConnectionMeters;
import dev.llmproxy.observability.Exemplars;
import dev.llmproxy.observability.GenAiConventions;
import dev.llmproxy.observability.GenAiMeters;
import dev.llmproxy.observability.RequestMeters;
import dev.llmproxy.observability.SeriesCap;
import dev.llmproxy.observability.call.CallListener;
import dev.llmproxy.observability.cost.ChargeListener;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.cloud.circuitbreaker.resilience4j.ReactiveResilience4JCircuitBreakerFactory;
import org.springframework.cloud.circuitbreaker.resilience4j.Resilience4JConfigurationProperties;

import static org.assertj.core.api.Assertions.assertThat;

class ObservabilityAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner bare = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(CallObservationAutoConfiguration.class,
				ObservabilityAutoConfiguration.class, ResilienceAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama", "llm-proxy.aliases.fast=up/m");

	private final ReactiveWebApplicationContextRunner runner = this.bare.withBean(MeterRegistry.class,
			SimpleMeterRegistry::new);

	private final ReactiveWebApplicationContextRunner withBreakers = this.runner.withBean(
			ReactiveResilience4JCircuitBreakerFactory.class,
			() -> new ReactiveResilience4JCircuitBreakerFactory(CircuitBreakerRegistry.ofDefaults(),
					TimeLimiterRegistry.ofDefaults(), null, new Resilience4JConfigurationProperties()));

	@Test
	void measuresWhereThereIsARegistry() {
		this.withBreakers.run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(AttemptMeterGate.class)
				.hasSingleBean(RequestMeters.class)
				.hasSingleBean(ChargeMeters.class)
				.hasSingleBean(BreakerMeters.class)
				.hasSingleBean(BulkheadMeters.class)
				.hasSingleBean(ConnectionMeters.class);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(
					registry.get("llm.proxy.breaker.state").tags("target", "up/m", "state", "closed").gauge().value())
				.isEqualTo(1);
			assertThat(registry.get("llm.proxy.bulkhead.calls").tag("target", "up/m").gauge().value()).isZero();
			assertThat(registry.get("llm.proxy.upstream.connections")
				.tags("provider", "up", "state", "idle")
				.gauge()
				.value()).isZero();
		});
	}

	@Test
	void nobodyHearsOfCallsWhereNothingIsMeasured() {
		this.runner.withPropertyValues("llm-proxy.metrics.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(CallListener.class)
				.doesNotHaveBean(ChargeListener.class)
				.doesNotHaveBean(AttemptMeterGate.class));
		this.bare.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CallListener.class));
	}

	@Test
	void doesWithoutMicrometer() {
		this.bare.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CallListener.class));
	}

	@Test
	void namesNoTracesWithoutOpenTelemetry() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(Exemplars.class));
		this.runner.withClassLoader(new FilteredClassLoader("io.opentelemetry"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RequestMeters.class)
				.doesNotHaveBean(Exemplars.class));
	}

	@Test
	void measuresWithoutBreakers() {
		this.runner.withClassLoader(new FilteredClassLoader("io.github.resilience4j"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RequestMeters.class)
				.doesNotHaveBean(BreakerMeters.class));
	}

	@Test
	void hasTheNamesThatAreWanted() {
		for (String name : new String[] { "v1.41", "draft" }) {
			this.runner.withPropertyValues("llm-proxy.metrics.gen-ai-conventions=" + name)
				.run((context) -> assertThat(context.getBean(MetricsProperties.class).genAiConventions())
					.isEqualTo(name.equals("draft") ? GenAiConventions.DRAFT : GenAiConventions.V1_41));
		}
		this.runner.run((context) -> assertThat(context.getBean(MetricsProperties.class).genAiConventions())
			.isEqualTo(GenAiConventions.V1_41));
	}

	@Test
	void leavesMetersToBeansOfTheApplication() {
		SeriesCap cap = new SeriesCap(1, Set::of);
		this.runner.withBean(SeriesCap.class, () -> cap)
			.withBean(GenAiMeters.class, () -> new GenAiMeters(new SimpleMeterRegistry(), cap, GenAiConventions.DRAFT))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(GenAiMeters.class)
				.hasSingleBean(SeriesCap.class));
	}

	@Test
	void refusesANegativeCap() {
		this.runner.withPropertyValues("llm-proxy.metrics.max-series=-1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("llm-proxy.metrics.max-series"));
	}

}
