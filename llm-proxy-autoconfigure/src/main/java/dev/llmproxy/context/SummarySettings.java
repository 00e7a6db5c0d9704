package dev.llmproxy.context;

import java.time.Duration;

/**
 * How summaries are kept.
 *
 * @param bytes the most that all of them have
 * @param ttl since one was last used
 * @param rest how long none is tried after it failed, of the same beginning of the same
 * conversation
 * @param background how many are prepared at once that nobody waits for
 */
public record SummarySettings(long bytes, Duration ttl, Duration rest, int background) {

	public SummarySettings {
		if (bytes < 0 || background < 0) {
			throw new IllegalArgumentException("size and background must not be negative");
		}
		if (ttl.isNegative() || ttl.isZero() || rest.isNegative()) {
			throw new IllegalArgumentException("ttl must be positive, and rest not negative");
		}
	}

}
