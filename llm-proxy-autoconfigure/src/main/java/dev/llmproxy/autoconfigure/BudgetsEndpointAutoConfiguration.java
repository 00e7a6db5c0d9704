package dev.llmproxy.autoconfigure;

import dev.llmproxy.observability.budget.BudgetGate;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmbudgets}, where it is exposed. */
@AutoConfiguration(after = BudgetAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(BudgetGate.class)
public final class BudgetsEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	BudgetsEndpoint llmBudgetsEndpoint(BudgetGate gate) {
		return new BudgetsEndpoint(gate);
	}

}
