package dev.llmproxy.limit.redis;

import java.time.Duration;

import dev.llmproxy.limit.FailureMode;

/**
 * How limits are shared.
 *
 * @param prefix of all keys in Redis
 * @param deadline for one question to Redis; up to 50 milliseconds, which is what a
 * frozen one may cost a call
 * @param failureMode what happens while it does not answer
 * @param nodes that share the limits; 0 to have them counted
 * @param probeInterval until a Redis that did not answer is asked again
 * @param lease how long a place among the calls under way is kept for a node that says
 * nothing any more
 */
public record RedisLimitSettings(String prefix, Duration deadline, FailureMode failureMode, int nodes,
		Duration probeInterval, Duration lease) {

	private static final Duration LONGEST_DEADLINE = Duration.ofMillis(50);

	private static final Duration LONGEST_LEASE = Duration.ofHours(1);

	public RedisLimitSettings {
		if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST_DEADLINE) > 0) {
			throw new IllegalArgumentException("the deadline must be from 1ms to 50ms");
		}
		if (nodes < 0) {
			throw new IllegalArgumentException("the number of nodes must not be negative");
		}
		if (probeInterval.compareTo(Duration.ofMillis(10)) < 0) {
			throw new IllegalArgumentException("the probe interval must be 10ms or more");
		}
		if (lease.compareTo(Duration.ofSeconds(1)) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
			throw new IllegalArgumentException("a lease must be from one second to one hour long");
		}
	}

}
