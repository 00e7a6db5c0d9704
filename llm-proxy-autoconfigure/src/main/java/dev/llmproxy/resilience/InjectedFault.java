package dev.llmproxy.resilience;

import java.time.Duration;

import dev.llmproxy.provider.Attempt;
import org.jspecify.annotations.Nullable;

import org.springframework.util.PatternMatchUtils;

/**
 * A failure to rehearse.
 *
 * @param target whose it is: patterns of targets' ids, with {@code *} for any run of
 * characters
 * @param percent of attempts, 0 to 100
 * @param delay before anything else happens; zero for none
 * @param status what the target answers; 0 for an answer of its own
 * @param retryAfter what it asks for with that status; {@code null} for nothing
 * @param stall whether it never answers, so that the clock for the first token runs out
 * @param cutAfter buffers of a stream after which it breaks off; negative for never
 */
public record InjectedFault(String target, double percent, Duration delay, int status, @Nullable Duration retryAfter,
		boolean stall, int cutAfter) {

	public InjectedFault {
		if (!(percent >= 0 && percent <= 100)) {
			throw new IllegalArgumentException("percent must be between 0 and 100");
		}
		if (status != 0 && (status < 400 || status > 599)) {
			throw new IllegalArgumentException("status must be between 400 and 599");
		}
		if (delay.isNegative()) {
			throw new IllegalArgumentException("delay must not be negative");
		}
	}

	/** Whether it is a fault of this attempt's target. */
	public boolean isAbout(Attempt attempt) {
		return PatternMatchUtils.simpleMatch(this.target, attempt.target().id());
	}

}
