package dev.llmproxy.autoconfigure;

import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.BulkheadFilter;
import dev.llmproxy.resilience.CooldownGate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The endpoint {@code llmbreakers}, where it is exposed. */
@AutoConfiguration(after = ResilienceAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(BreakerGate.class)
@Import(OperatorDeskConfiguration.class)
public final class BreakersEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	BreakersEndpoint llmBreakersEndpoint(BreakerGate breakers, ObjectProvider<CooldownGate> cooldowns,
			ObjectProvider<BulkheadFilter> bulkheads, OperatorDesk desk) {
		return new BreakersEndpoint(breakers, cooldowns.getIfAvailable(), bulkheads.getIfAvailable(), desk);
	}

}
