package dev.llmproxy.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class DrainDelayAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DrainDelayAutoConfiguration.class));

	@Test
	void nothingWaitsUnlessItIsAskedFor() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(DrainDelay.class));
	}

	@Test
	void whoWaitsDoesSoBeforeEverythingElseStops() {
		this.runner.withPropertyValues("llm-proxy.server.drain-delay=50ms")
			.run((context) -> assertThat(context.getBean(DrainDelay.class).isRunning()).isTrue());
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1s", "30s", "45s" })
	void aDelayThatCantWorkIsRefused(String delay) {
		this.runner.withPropertyValues("llm-proxy.server.drain-delay=" + delay)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("llm-proxy.server.drain-delay"));
	}

	@Test
	void thePhaseSaysHowLongIsTooLong() {
		this.runner
			.withPropertyValues("llm-proxy.server.drain-delay=50ms", "spring.lifecycle.timeout-per-shutdown-phase=60ms")
			.run((context) -> assertThat(context).hasSingleBean(DrainDelay.class));
	}

}
