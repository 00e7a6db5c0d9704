package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.simulator.SimulatorProvider;
import dev.llmproxy.provider.simulator.SimulatorSettings;
import dev.llmproxy.resilience.FaultInjectionFilter;
import dev.llmproxy.test.Cassette;
import dev.llmproxy.test.CassetteFilter;
import dev.llmproxy.test.CassetteMode;
import dev.llmproxy.test.GatewayFaults;
import dev.llmproxy.test.SimulatedAttempts;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What stands in front of providers in tests. Only {@code @AutoConfigureLlmGateway}
 * brings it.
 */
@AutoConfiguration(before = RoutingAutoConfiguration.class)
@EnableConfigurationProperties(TestProperties.class)
public final class LlmGatewayTestAutoConfiguration {

	private static final SimulatorSettings INSTANT = new SimulatorSettings(0, Duration.ZERO, Duration.ofSeconds(1),
			SimulatorSettings.DEFAULT.embeddingDimensions());

	/** Answers that are made up, at once, unless there are some on record. */
	@Bean
	@ConditionalOnBooleanProperty(name = "llm-proxy.test.simulated", matchIfMissing = true)
	@ConditionalOnMissingBean({ Cassette.class, SimulatedAttempts.class })
	SimulatedAttempts llmSimulatedAttempts(Codecs codecs) {
		return new SimulatedAttempts(new SimulatorProvider(INSTANT, codecs, Schedulers.parallel(), Clock.systemUTC()));
	}

	@Bean
	@ConditionalOnMissingBean
	GatewayFaults llmGatewayFaults() {
		return new GatewayFaults();
	}

	/** Not under its own type: what is configured as faults stays. */
	@Bean
	AttemptFilter llmTestFaults(GatewayFaults faults) {
		return new FaultInjectionFilter(faults);
	}

	/** Answers on record. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("llm-proxy.test.cassette")
	static class Recorded {

		@Bean
		@ConditionalOnMissingBean
		Cassette llmCassette(TestProperties properties) {
			Path file = Path.of(String.valueOf(properties.cassette()));
			return (properties.cassetteMode() == CassetteMode.REPLAY)
					? InvalidPropertyException.checked("llm-proxy.test.cassette", () -> Cassette.of(file))
					: Cassette.blank(file);
		}

		@Bean
		@ConditionalOnMissingBean
		CassetteFilter llmCassetteFilter(Cassette cassette, TestProperties properties, Codecs codecs) {
			return new CassetteFilter(cassette, properties.cassetteMode(), codecs);
		}

	}

}
