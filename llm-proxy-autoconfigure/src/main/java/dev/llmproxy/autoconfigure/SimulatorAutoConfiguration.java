package dev.llmproxy.autoconfigure;

import java.time.Clock;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.provider.simulator.SimulatorProvider;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;

/**
 * The provider without a model; the default provider where there is no other. Last of
 * all, so that it sees the providers that other auto-configurations bring.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@EnableConfigurationProperties(SimulatorProperties.class)
public final class SimulatorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@Conditional(OnSimulatorCondition.class)
	SimulatorProvider llmSimulatorProvider(SimulatorProperties properties, Codecs codecs) {
		return new SimulatorProvider(properties.settings(), codecs, Schedulers.parallel(), Clock.systemUTC());
	}

}
