package dev.llmproxy.resilience;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;

/**
 * When a breaker opens, and for how long.
 *
 * @param window whether outcomes are counted over a time or a number of calls
 * @param windowSize seconds or calls
 * @param minimumCalls outcomes before a rate is taken seriously
 * @param failureRate percentage of failures at which it opens
 * @param failuresInARow at which it opens whatever the rate: a target that just died
 * still has a good one, and the longer the busier it was; 0 for never
 * @param openFor the first time; doubles each time the probes fail
 * @param openForAtMost the longest
 * @param probes calls that are let through to find out, exactly
 */
public record BreakerSettings(Window window, int windowSize, int minimumCalls, float failureRate, int failuresInARow,
		Duration openFor, Duration openForAtMost, int probes) {

	public static final BreakerSettings DEFAULT = new BreakerSettings(Window.TIME_BASED, 10, 5, 50, 10,
			Duration.ofSeconds(5), Duration.ofSeconds(60), 3);

	public BreakerSettings {
		if (failuresInARow < 0) {
			throw new IllegalArgumentException("failures in a row must not be negative");
		}
	}

	IntervalFunction waits() {
		return IntervalFunction.ofExponentialBackoff(this.openFor, 2, this.openForAtMost);
	}

	/** Says the same in Resilience4j's terms. */
	public void applyTo(CircuitBreakerConfig.Builder config) {
		SlidingWindowType type = (this.window == Window.TIME_BASED) ? SlidingWindowType.TIME_BASED
				: SlidingWindowType.COUNT_BASED;
		config
			// The default takes a lock for every outcome, on event loops that share a
			// target.
			.slidingWindow(this.windowSize, this.minimumCalls, type, SlidingWindowSynchronizationStrategy.LOCK_FREE)
			.failureRateThreshold(this.failureRate)
			// A long answer is no slow call.
			.slowCallRateThreshold(100)
			.slowCallDurationThreshold(Duration.ofDays(1))
			.waitIntervalFunctionInOpenState(waits())
			.permittedNumberOfCallsInHalfOpenState(this.probes);
	}

	/** Over what outcomes are counted. */
	public enum Window {

		TIME_BASED, COUNT_BASED

	}

}
