package dev.llmproxy.event;

import java.time.InstantSource;

import dev.llmproxy.event.GatewayEvent.BudgetCrossed;
import dev.llmproxy.observability.budget.Budget;
import dev.llmproxy.observability.budget.BudgetAccount.Crossing;
import dev.llmproxy.observability.budget.BudgetListener;

/** Makes events of budgets that come to their end. Thread-safe. */
public final class BudgetEvents implements BudgetListener {

	private static final int WHOLE = 100;

	private final EventBus bus;

	private final InstantSource clock;

	public BudgetEvents(EventBus bus, InstantSource clock) {
		this.bus = bus;
		this.clock = clock;
	}

	@Override
	public void crossed(Budget budget, String subject, Crossing crossing, long spent) {
		if (this.bus.wanted(EventType.BUDGET_CROSSED)) {
			int percent = (crossing == Crossing.EXHAUSTED) ? WHOLE : (int) (budget.warnAt() * WHOLE);
			this.bus.publish(
					new BudgetCrossed(this.clock.instant(), budget.name(), subject, percent, spent, budget.amount()));
		}
	}

}
