package dev.llmproxy.observability.budget;

import java.time.Instant;

/**
 * What one subject spent of a budget in the current period, and what calls under way are
 * expected to cost. Amounts are in nano-USD. Thread-safe.
 */
public final class BudgetAccount {

	private final Budget budget;

	private final String subject;

	private BudgetPeriod.Span span;

	private long spent;

	private long reserved;

	private boolean warned;

	private boolean exhausted;

	BudgetAccount(Budget budget, String subject, Instant now) {
		this.budget = budget;
		this.subject = subject;
		this.span = budget.period().at(now, budget.zone());
	}

	public Budget budget() {
		return this.budget;
	}

	public String subject() {
		return this.subject;
	}

	/** What is so at an instant. */
	public synchronized Standing standing(Instant now) {
		turn(now);
		return new Standing(this.spent, this.reserved, this.span.until());
	}

	/**
	 * Sets aside what a call is expected to cost, unless nothing is left. The one that
	 * crosses the line is let through: what it will cost is not known, and refusing what
	 * might fit would be as wrong.
	 * @return whether something was left
	 */
	synchronized boolean reserve(long expected, Instant now) {
		turn(now);
		if (this.budget.refuses() && this.spent + this.reserved >= this.budget.amount()) {
			return false;
		}
		this.reserved += expected;
		return true;
	}

	/** Gives back what was set aside. */
	synchronized void release(long expected) {
		this.reserved -= expected;
	}

	/**
	 * Books a cost.
	 * @return the line that was crossed by it, of which the last is told
	 */
	synchronized Crossing spend(long cost, Instant now) {
		turn(now);
		this.spent += cost;
		return crossed();
	}

	/**
	 * Takes up what was spent by what a ledger says, where that is more than is known
	 * here.
	 */
	synchronized Crossing atLeast(long spent, Instant now) {
		turn(now);
		this.spent = Math.max(this.spent, spent);
		return crossed();
	}

	private Crossing crossed() {
		if (!this.exhausted && this.spent >= this.budget.amount()) {
			this.exhausted = true;
			this.warned = true;
			return Crossing.EXHAUSTED;
		}
		if (!this.warned && this.budget.warnAt() < 1 && this.spent >= this.budget.amount() * this.budget.warnAt()) {
			this.warned = true;
			return Crossing.WARNING;
		}
		return Crossing.NONE;
	}

	private void turn(Instant now) {
		if (!now.isBefore(this.span.until())) {
			this.span = this.budget.period().at(now, this.budget.zone());
			this.spent = 0;
			this.warned = false;
			this.exhausted = false;
		}
	}

	/** Since when is counted what was spent. */
	synchronized Instant since(Instant now) {
		turn(now);
		return this.span.from();
	}

	/** Lines of a budget. */
	public enum Crossing {

		NONE,

		/** The share at which somebody is told. */
		WARNING,

		/** The whole amount. */
		EXHAUSTED

	}

	/**
	 * How much of a budget is gone.
	 *
	 * @param reserved for calls under way
	 * @param until when it begins anew; {@link Instant#MAX} for never
	 */
	public record Standing(long spent, long reserved, Instant until) {
	}

}
