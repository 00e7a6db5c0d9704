package dev.llmproxy.observability.budget;

import dev.llmproxy.observability.budget.BudgetAccount.Crossing;

/**
 * Hears when lines of budgets are crossed; once in a period for each. Thread-safe; quick.
 */
@FunctionalInterface
public interface BudgetListener {

	/**
	 * A line was crossed.
	 * @param spent in nano-USD
	 */
	void crossed(Budget budget, String subject, Crossing crossing, long spent);

}
