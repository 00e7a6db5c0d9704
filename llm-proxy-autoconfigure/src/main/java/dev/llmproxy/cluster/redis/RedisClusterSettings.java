package dev.llmproxy.cluster.redis;

import java.time.Duration;

/**
 * How nodes tell each other.
 *
 * @param node how others name this one
 * @param prefix of the channel and of the keys
 * @param deadline for one word to Redis
 * @param probeInterval until a Redis that did not answer is asked again
 * @param refreshInterval how often it is looked whether a word was missed
 * @param queue how many messages may wait; others are dropped
 */
public record RedisClusterSettings(String node, String prefix, Duration deadline, Duration probeInterval,
		Duration refreshInterval, int queue) {

	private static final int LONGEST_NAME = 64;

	public RedisClusterSettings {
		if (node.isBlank() || node.length() > LONGEST_NAME || node.chars().anyMatch((c) -> c < ' ' || c == 0x7f)) {
			throw new IllegalArgumentException("the node must have a name, of up to 64 characters");
		}
		if (prefix.isBlank()) {
			throw new IllegalArgumentException("the prefix must not be empty");
		}
		if (deadline.toMillis() < 1 || deadline.compareTo(Duration.ofSeconds(5)) > 0) {
			throw new IllegalArgumentException("the deadline must be between 1ms and 5s");
		}
		if (probeInterval.compareTo(Duration.ofMillis(10)) < 0) {
			throw new IllegalArgumentException("the probe interval must be 10ms or more");
		}
		if (refreshInterval.compareTo(probeInterval) < 0) {
			throw new IllegalArgumentException("the refresh interval must not be shorter than the probe interval");
		}
		if (queue < 1) {
			throw new IllegalArgumentException("one message must be allowed to wait");
		}
	}

	/** The same slot of a cluster for all, because one script needs them. */
	private String name(String rest) {
		return this.prefix + "{cluster}:" + rest;
	}

	String channel() {
		return name("told");
	}

	String changes() {
		return name("changes");
	}

	String hints() {
		return name("hints");
	}

}
