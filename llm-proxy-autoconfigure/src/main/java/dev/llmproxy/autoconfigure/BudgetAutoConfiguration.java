package dev.llmproxy.autoconfigure;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.llmproxy.observability.budget.Budget;
import dev.llmproxy.observability.budget.BudgetGate;
import dev.llmproxy.observability.budget.BudgetListener;
import dev.llmproxy.observability.budget.SpendHistory;
import dev.llmproxy.observability.cost.Pricing;
import dev.llmproxy.observability.ledger.UsageLedger;
import dev.llmproxy.provider.NanoUsd;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** What callers may spend, where it is configured. */
@AutoConfiguration(after = { CallObservationAutoConfiguration.class, LedgerAutoConfiguration.class },
		before = { RoutingAutoConfiguration.class, GatewayAutoConfiguration.class })
@Conditional(BudgetAutoConfiguration.OnBudget.class)
@EnableConfigurationProperties({ BudgetProperties.class, LimitProperties.class })
public final class BudgetAutoConfiguration {

	private static final String RULES = "llm-proxy.budgets.rules";

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

	@Bean
	@ConditionalOnMissingBean
	BudgetGate llmBudgetGate(BudgetProperties properties, LimitProperties limits, Pricing pricing,
			ObjectProvider<BudgetListener> listeners) {
		List<Budget> budgets = new ArrayList<>();
		properties.rules().forEach((name, rule) -> budgets.add(budget(name, rule, properties)));
		List<BudgetListener> all = new ArrayList<>(listeners.orderedStream().toList());
		all.add(new BudgetLog());
		return new BudgetGate(budgets, pricing, limits.expectedOutputTokens(), all, InstantSource.system());
	}

	private static Budget budget(String name, BudgetProperties.Rule rule, BudgetProperties properties) {
		if (!NAME.matcher(name).matches()) {
			throw new InvalidPropertyException(RULES, "'" + name + "' can't be the name of a budget",
					"Use up to 64 lower case letters, digits and . _ -.");
		}
		String property = RULES + "." + name;
		return InvalidPropertyException.checked(property,
				() -> new Budget(name, rule.per(), rule.keys(), rule.teams(), rule.routes(),
						nanos(property, rule.amount()), rule.period(), properties.zone(), rule.warnAt(),
						rule.action() == BudgetProperties.Action.REFUSE));
	}

	private static long nanos(String property, @Nullable BigDecimal amount) {
		if (amount == null || amount.signum() <= 0) {
			throw new InvalidPropertyException(property + ".amount", "there is no amount",
					"Say what may be spent, in US dollars, such as 25.00.");
		}
		return NanoUsd.of(amount);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(UsageLedger.class)
	SpendHistory llmSpendHistory(UsageLedger ledger) {
		return new LedgerSpendHistory(ledger, InstantSource.system());
	}

	/** What was spent before this start counts as well, and what others spend. */
	@Bean
	@ConditionalOnMissingBean
	BudgetRebuild llmBudgetRebuild(BudgetGate gate, ObjectProvider<SpendHistory> history, BudgetProperties properties) {
		return new BudgetRebuild(gate, history.getIfAvailable(() -> SpendHistory.NONE), properties.refresh());
	}

	/** There is at least one. */
	static final class OnBudget extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			boolean any = Binder.get(context.getEnvironment())
				.bind(RULES, Bindable.mapOf(String.class, Object.class))
				.map(Map::isEmpty)
				.map((empty) -> !empty)
				.orElse(false);
			ConditionMessage.Builder message = ConditionMessage.forCondition("Budgets");
			return any ? ConditionOutcome.match(message.because("there are some"))
					: ConditionOutcome.noMatch(message.because(RULES + " is empty"));
		}

	}

}
