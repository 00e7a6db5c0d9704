package dev.llmproxy.event.redis;

import java.time.Duration;

/**
 * How events get into a stream.
 *
 * @param stream its key
 * @param maxLength about how many entries it keeps
 * @param deadline for one entry
 * @param probeInterval until a Redis that did not answer is asked again
 * @param capacity how many entries may be under way; others are dropped
 */
public record RedisStreamSettings(String stream, long maxLength, Duration deadline, Duration probeInterval,
		int capacity) {

	public RedisStreamSettings {
		if (stream.isBlank()) {
			throw new IllegalArgumentException("the stream must have a name");
		}
		if (maxLength < 1) {
			throw new IllegalArgumentException("the stream must keep one entry at least");
		}
		if (deadline.toMillis() < 1) {
			throw new IllegalArgumentException("the deadline must be 1ms or more");
		}
		if (probeInterval.compareTo(Duration.ofMillis(10)) < 0) {
			throw new IllegalArgumentException("the probe interval must be 10ms or more");
		}
		if (capacity < 1) {
			throw new IllegalArgumentException("one entry must be allowed to be under way");
		}
	}

}
