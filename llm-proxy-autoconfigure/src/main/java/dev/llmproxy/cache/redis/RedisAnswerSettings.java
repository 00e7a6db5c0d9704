package dev.llmproxy.cache.redis;

import java.time.Duration;

/**
 * How answers are shared.
 *
 * @param prefix of all keys in Redis
 * @param deadline for one question; up to 50 milliseconds, which is what a frozen Redis
 * may cost a call
 * @param probeInterval until a Redis that did not answer is asked again
 * @param compressAbove answers of more bytes are compressed
 * @param maxAnswer the largest answer, in bytes
 */
public record RedisAnswerSettings(String prefix, Duration deadline, Duration probeInterval, int compressAbove,
		int maxAnswer) {

	private static final Duration LONGEST_DEADLINE = Duration.ofMillis(50);

	public RedisAnswerSettings {
		if (prefix.isBlank()) {
			throw new IllegalArgumentException("the prefix must not be blank");
		}
		if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST_DEADLINE) > 0) {
			throw new IllegalArgumentException("the deadline must be from 1ms to 50ms");
		}
		if (probeInterval.compareTo(Duration.ofMillis(10)) < 0) {
			throw new IllegalArgumentException("the probe interval must be 10ms or more");
		}
		if (compressAbove < 0) {
			throw new IllegalArgumentException("compress-above must not be negative");
		}
	}

}
