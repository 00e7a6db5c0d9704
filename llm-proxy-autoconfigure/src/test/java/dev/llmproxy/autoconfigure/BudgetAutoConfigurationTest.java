package dev.llmproxy.autoconfigure;

import java.time.InstantSource;
import java.util.List;

import dev.llmproxy.observability.budget.BudgetGate;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class BudgetAutoConfigurationTest {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(CallObservationAutoConfiguration.class, BudgetAutoConfiguration.class));

	@Test
	void thereIsNoneUnlessOneIsConfigured() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(BudgetGate.class));
	}

	@Test
	void readsBudgets() {
		this.runner
			.withPropertyValues("llm-proxy.budgets.rules.each-team.per=team",
					"llm-proxy.budgets.rules.each-team.amount=25.50", "llm-proxy.budgets.rules.each-team.period=week")
			.run((context) -> assertThat(context).hasSingleBean(BudgetGate.class));
	}

	@Test
	void backsOffWhenUserDefinesGate() {
		BudgetGate own = new BudgetGate(List.of(), (target, usage) -> null, 1, List.of(), InstantSource.system());
		this.runner.withBean(BudgetGate.class, () -> own)
			.withPropertyValues("llm-proxy.budgets.rules.all.amount=1")
			.run((context) -> assertThat(context.getBean(BudgetGate.class)).isSameAs(own));
	}

	@Test
	void saysWhichAmountIsMissing() {
		this.runner.withPropertyValues("llm-proxy.budgets.rules.each-team.per=team")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("llm-proxy.budgets.rules.each-team.amount"));
	}

	@Test
	void refusesShareAboveOne() {
		this.runner.withPropertyValues("llm-proxy.budgets.rules.x.amount=1", "llm-proxy.budgets.rules.x.warn-at=80")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("between 0 and 1"));
	}

}
