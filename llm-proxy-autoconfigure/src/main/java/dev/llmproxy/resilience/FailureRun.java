package dev.llmproxy.resilience;

import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Failures in a row, at so many of which a breaker opens whatever the rate. After a
 * warning the next one is enough, unless a success comes first: the count is then one
 * short of enough, which costs calls that succeed nothing. Thread-safe.
 */
final class FailureRun {

	private final AtomicInteger failures = new AtomicInteger();

	private final int enough;

	private volatile @Nullable Warning warning;

	/** Creates one. With 0 no number of failures is enough without a warning. */
	FailureRun(int enough) {
		this.enough = enough;
	}

	/**
	 * Warns of the target.
	 * @param until when the warning is over
	 */
	void warn(long until) {
		Warning known = this.warning;
		int before = this.failures.get();
		if (known != null) {
			this.warning = new Warning((until - known.until() > 0) ? until : known.until(), known.before());
		}
		else if (this.enough != 1 && before != this.enough - 1) {
			this.warning = new Warning(until, before);
			this.failures.set(this.enough - 1);
		}
	}

	void succeeded() {
		if (this.failures.get() != 0) {
			clear();
		}
	}

	/** One more, and what that means at this time. */
	Verdict failed(long now) {
		if (this.failures.incrementAndGet() != this.enough) {
			return Verdict.GO_ON;
		}
		Warning heard = this.warning;
		this.warning = null;
		if (heard == null) {
			return Verdict.ENOUGH;
		}
		if (heard.until() - now > 0) {
			return Verdict.ENOUGH_AS_WARNED;
		}
		this.failures.set(heard.before() + 1);
		return Verdict.GO_ON;
	}

	void clear() {
		this.failures.set(0);
		this.warning = null;
	}

	/** What a failure means. */
	enum Verdict {

		GO_ON, ENOUGH,

		/** Only because of a warning. */
		ENOUGH_AS_WARNED

	}

	private record Warning(long until, int before) {
	}

}
