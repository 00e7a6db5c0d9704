package dev.llmproxy.routing;

import java.time.Duration;

import dev.llmproxy.gateway.FlagCheck;
import dev.llmproxy.gateway.LlmRequest;
import org.jspecify.annotations.Nullable;

/**
 * When a second target is asked although the first has not failed. Both are paid for.
 *
 * @param minDelay the least time the first one is given; also while too few answers are
 * known to tell its 95th percentile
 * @param maxDelay the most time the first one is given
 * @param maxPercent of the route's requests that may be hedged, 0 to 100
 * @param flag only requests that it is on for are hedged; {@code null} for all
 */
public record HedgingPolicy(Duration minDelay, Duration maxDelay, double maxPercent, @Nullable FlagCheck flag) {

	public HedgingPolicy {
		if (minDelay.isNegative() || maxDelay.compareTo(minDelay) < 0) {
			throw new IllegalArgumentException("Delays must not be negative, nor the longest below the shortest");
		}
		if (!(maxPercent >= 0 && maxPercent <= 100)) {
			throw new IllegalArgumentException("maxPercent must be between 0 and 100");
		}
	}

	/** For all requests. */
	public HedgingPolicy(Duration minDelay, Duration maxDelay, double maxPercent) {
		this(minDelay, maxDelay, maxPercent, null);
	}

	boolean wanted(LlmRequest request) {
		return this.flag == null || this.flag.on(request);
	}

	/**
	 * How long to wait for the first target, whose 95th percentile is given (0 if
	 * unknown).
	 */
	Duration delay(long p95Nanos) {
		long nanos = Math.max(this.minDelay.toNanos(), Math.min(this.maxDelay.toNanos(), p95Nanos));
		return Duration.ofNanos((p95Nanos == 0) ? this.maxDelay.toNanos() : nanos);
	}

}
