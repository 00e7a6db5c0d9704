package dev.llmproxy.autoconfigure;

import java.time.Duration;

import dev.llmproxy.observability.ProviderMeters;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.StatisticsGate;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Health;

import static org.assertj.core.api.Assertions.assertThat;

class HealthAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(HealthAutoConfiguration.class, ProbeAutoConfiguration.class,
				ObservabilityAutoConfiguration.class))
		.withBean(ApplicationAvailabilityBean.class)
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@Test
	void showsProvidersAndLeavesReadinessAloneByDefault() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(ProviderHealth.class)
			.hasBean("llmProvidersHealthContributor")
			.doesNotHaveBean(PolicyReadinessIndicator.class)
			.doesNotHaveBean(ProviderProbes.class)
			.doesNotHaveBean(ProviderMeters.class));
	}

	@Test
	void hidesProvidersWhereThatIsWanted() {
		this.runner.withPropertyValues("management.health.llm-proxy.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("llmProvidersHealthContributor"));
	}

	@Test
	void doesWithoutHealthWhereTheLibraryIsAbsent() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.withPropertyValues("llm-proxy.health.readiness=any-provider")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ProviderHealth.class)
				.doesNotHaveBean("llmProvidersHealthContributor"));
	}

	@Test
	void metersProvidersWhereThereIsARegistry() {
		this.runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasSingleBean(ProviderMeters.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "any-provider", "ALL_ROUTES" })
	void standsInForReadinessWhereThereIsAPolicy(String policy) {
		this.runner.withPropertyValues("llm-proxy.health.readiness=" + policy)
			.run((context) -> assertThat(context).hasSingleBean(PolicyReadinessIndicator.class)
				.hasBean("readinessStateHealthIndicator"));
	}

	@Test
	void leavesReadinessToAnIndicatorOfTheApplication() {
		this.runner.withPropertyValues("llm-proxy.health.readiness=any-provider")
			.withBean("readinessStateHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PolicyReadinessIndicator.class));
	}

	@Test
	void leavesTheJudgementToABeanOfTheApplication() {
		ProviderHealth own = new ProviderHealth(new StatisticsGate(), AttemptGates.of(new ProviderSwitch()),
				new ProviderSwitch(), Duration.ofMinutes(1));
		this.runner.withBean(ProviderHealth.class, () -> own)
			.run((context) -> assertThat(context.getBean(ProviderHealth.class)).isSameAs(own));
	}

	@ParameterizedTest
	@CsvSource({ "interval, 0s", "timeout, -1s", "jitter, 1.5" })
	void refusesProbesThatCanNotBe(String name, String value) {
		this.runner.withPropertyValues("llm-proxy.health.probe." + name + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("llm-proxy.health.probe." + name));
	}

}
