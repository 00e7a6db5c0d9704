package dev.llmproxy.event.webhook;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

/**
 * How long it is waited between two tries: twice as long each time, and between half and
 * all of that at random, so that what failed at once is not tried again at once.
 *
 * @param random from 0 to 1
 */
record Backoff(Duration first, Duration longest, DoubleSupplier random) {

	/**
	 * The wait.
	 * @param tries that failed so far
	 * @param asked for by the other side, which is granted up to the longest;
	 * {@code null} for nothing
	 */
	Duration after(int tries, @Nullable Duration asked) {
		double full = Math.min(this.longest.toMillis(), this.first.toMillis() * Math.pow(2, tries - 1));
		Duration own = Duration.ofMillis(Math.max(1, (long) (full * (0.5 + this.random.getAsDouble() / 2))));
		if (asked == null || asked.compareTo(own) <= 0) {
			return own;
		}
		return (asked.compareTo(this.longest) < 0) ? asked : this.longest;
	}

}
