package dev.llmproxy.autoconfigure;

import java.math.BigDecimal;
import java.math.RoundingMode;

import dev.llmproxy.observability.budget.Budget;
import dev.llmproxy.observability.budget.BudgetAccount.Crossing;
import dev.llmproxy.observability.budget.BudgetListener;
import dev.llmproxy.provider.NanoUsd;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** Says in the log that a budget comes to its end. */
final class BudgetLog implements BudgetListener {

	private static final Log logger = LogFactory.getLog(BudgetLog.class);

	@Override
	public void crossed(Budget budget, String subject, Crossing crossing, long spent) {
		logger.warn("Budget '" + budget.name() + "' of '" + subject + "': " + dollars(spent) + " of "
				+ dollars(budget.amount()) + " USD spent" + ((crossing != Crossing.EXHAUSTED) ? "." : budget.refuses()
						? "; its calls are refused until it begins anew." : "; its calls go on, as configured."));
	}

	private static BigDecimal dollars(long nanos) {
		return NanoUsd.dollars(nanos).setScale(2, RoundingMode.HALF_UP);
	}

}
