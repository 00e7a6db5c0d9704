package dev.llmproxy.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import dev.llmproxy.observability.budget.BudgetPeriod;
import dev.llmproxy.observability.budget.BudgetScope;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What may be spent. Budgets are read at the start.
 *
 * @param rules by their names, which callers see when nothing is left
 * @param zone whose midnight ends a period
 * @param refresh how often it is looked up in the ledger what other nodes spent
 */
@ConfigurationProperties("llm-proxy.budgets")
record BudgetProperties(@DefaultValue Map<String, Rule> rules, @DefaultValue("UTC") ZoneId zone,
		@DefaultValue("30s") Duration refresh) {

	/**
	 * One budget.
	 *
	 * @param per what is counted separately: key, team, route, or all calls together
	 * @param keys patterns of the ids of keys it is for, '*' for any run of characters;
	 * by default all
	 * @param teams patterns of teams it is for; by default all
	 * @param routes patterns of routes it is for; by default all
	 * @param amount in US dollars, such as 25.00
	 * @param period after which it begins anew: day, week (from Monday), month, or total
	 * for never
	 * @param warnAt the share of the amount at which it is said in the log and told to
	 * whoever listens, 0 to 1
	 * @param action what happens when it is spent: refuse with 422 and 'budget_exceeded',
	 * or only warn
	 */
	record Rule(@DefaultValue("all") BudgetScope per, @DefaultValue List<String> keys, @DefaultValue List<String> teams,
			@DefaultValue List<String> routes, BigDecimal amount, @DefaultValue("month") BudgetPeriod period,
			@DefaultValue("0.8") double warnAt, @DefaultValue("refuse") Action action) {
	}

	/** What happens when a budget is spent. */
	enum Action {

		/** Calls are refused. */
		REFUSE,

		/** It is said, and nothing else. */
		WARN

	}

}
