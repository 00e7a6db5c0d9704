package dev.llmproxy.resilience;

import java.time.Duration;

/**
 * How many calls a target gets at once.
 *
 * @param algorithm how the number follows what the target can take
 * @param initial calls at once in the beginning
 * @param min never fewer
 * @param max never more
 * @param queue calls that wait for their turn
 * @param maxWait how long each waits
 */
public record BulkheadSettings(Algorithm algorithm, int initial, int min, int max, int queue, Duration maxWait) {

	public static final BulkheadSettings DEFAULT = new BulkheadSettings(Algorithm.AIMD, 200, 4, 1000, 200,
			Duration.ofSeconds(5));

	public BulkheadSettings {
		if (min < 1 || initial < min || max < initial || queue < 0 || maxWait.isNegative()) {
			throw new IllegalArgumentException("It must hold that 1 <= min <= initial <= max, and 0 <= queue");
		}
	}

	/** How the number of calls at once is found. */
	public enum Algorithm {

		/** It stays as it is. */
		FIXED,

		/** One more while all goes well, a tenth less on each sign of overload. */
		AIMD,

		/** Fewer as the time until answers begin grows beyond what it was. */
		GRADIENT

	}

}
