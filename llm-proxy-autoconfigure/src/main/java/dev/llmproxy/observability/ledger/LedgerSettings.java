package dev.llmproxy.observability.ledger;

import java.time.Duration;

/**
 * How charges get into the ledger.
 *
 * @param queue charges that may wait; beyond that they are dropped
 * @param batch entries that are written at once
 * @param interval after which fewer are written
 * @param retryMost the longest wait until a store that failed is tried again
 * @param lastChance how long the end of the process waits for what is not yet written
 */
public record LedgerSettings(int queue, int batch, Duration interval, Duration retryMost, Duration lastChance) {

	public LedgerSettings {
		if (queue < 1 || batch < 1) {
			throw new IllegalArgumentException("queue and batch have to be positive");
		}
		if (!isPositive(interval) || !isPositive(retryMost) || lastChance.isNegative()) {
			throw new IllegalArgumentException("a time has to be longer than nothing");
		}
		if (interval.compareTo(Duration.ofMinutes(1)) > 0) {
			throw new IllegalArgumentException("the interval must not be longer than a minute");
		}
	}

	private static boolean isPositive(Duration time) {
		return !time.isNegative() && !time.isZero();
	}

}
