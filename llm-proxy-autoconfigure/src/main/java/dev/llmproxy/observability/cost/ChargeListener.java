package dev.llmproxy.observability.cost;

/**
 * Hears of every attempt that has to be paid for: a ledger, counters, budgets. It is
 * called on the threads that serve calls, so it is quick and never blocks. Thread-safe.
 */
@FunctionalInterface
public interface ChargeListener {

	/** An attempt ended that is charged. Called once for each. */
	void charged(Charge charge);

}
