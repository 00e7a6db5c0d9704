package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.Set;

import dev.llmproxy.resilience.BreakerSettings;
import dev.llmproxy.resilience.BulkheadSettings;
import dev.llmproxy.resilience.CooldownSettings;
import dev.llmproxy.routing.RetryPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What happens when targets fail.
 *
 * @param retry when they are tried again
 * @param breaker when they are not called for a while because they failed
 * @param cooldown how long they rest because they had too many requests
 * @param bulkhead how many calls they get at once
 */
@ConfigurationProperties("llm-proxy.resilience")
record ResilienceProperties(@DefaultValue Retry retry, @DefaultValue Breaker breaker, @DefaultValue Cooldown cooldown,
		@DefaultValue Bulkhead bulkhead) {

	/**
	 * When targets are tried again after all of a route have failed.
	 *
	 * @param maxRetries rounds after the first; 0 for none
	 * @param baseDelay the first wait is random between zero and this, each further one
	 * up to twice as long
	 * @param maxDelay the longest wait; who is asked to wait for longer gives up
	 * @param statuses of providers' answers after which the same target is tried again;
	 * by default 408, 409, 429, 500, 502, 503, 504 and 529
	 * @param budget how many calls a target gets beyond those that callers make
	 */
	record Retry(@DefaultValue("2") int maxRetries, @DefaultValue("250ms") Duration baseDelay,
			@DefaultValue("5s") Duration maxDelay, @Nullable Set<Integer> statuses, @DefaultValue Budget budget) {

		RetryPolicy policy() {
			return new RetryPolicy(this.maxRetries, this.baseDelay, this.maxDelay,
					(this.statuses != null) ? this.statuses : RetryPolicy.DEFAULT_STATUSES);
		}

	}

	/**
	 * Bounds retries, fallbacks and hedges for each target.
	 *
	 * @param ratio extra calls in vain per call that succeeded
	 * @param burst extra calls in vain before any was earned; they come back within a
	 * minute
	 */
	record Budget(@DefaultValue("0.1") double ratio, @DefaultValue("10") int burst) {
	}

	/**
	 * Circuit breakers, one per target.
	 *
	 * @param enabled whether there are any
	 * @param window whether outcomes are counted over a time or a number of calls
	 * @param windowSize seconds or calls
	 * @param minimumCalls outcomes before a rate is taken seriously
	 * @param failureRate percentage of failures at which a breaker opens
	 * @param failuresInARow at which a breaker opens whatever the rate, so that a busy
	 * target that dies is not called for as long as it was well; 0 for never
	 * @param openFor how long it is open the first time; doubles each time the probes
	 * fail
	 * @param openForAtMost the longest time
	 * @param probes calls that are let through to find out whether the target is well
	 */
	record Breaker(@DefaultValue("true") boolean enabled, @DefaultValue("time-based") BreakerSettings.Window window,
			@DefaultValue("10") int windowSize, @DefaultValue("5") int minimumCalls,
			@DefaultValue("50") float failureRate, @DefaultValue("10") int failuresInARow,
			@DefaultValue("5s") Duration openFor, @DefaultValue("60s") Duration openForAtMost,
			@DefaultValue("3") int probes) {

		BreakerSettings settings() {
			return new BreakerSettings(this.window, this.windowSize, this.minimumCalls, this.failureRate,
					this.failuresInARow, this.openFor, this.openForAtMost, this.probes);
		}

	}

	/**
	 * How long targets rest after a 429.
	 *
	 * @param enabled whether they do
	 * @param base where the provider does not say how long; doubles with each further
	 * refusal
	 * @param max more is not rested, whatever the provider says
	 * @param spent the least after a refusal because money or quota is used up
	 */
	record Cooldown(@DefaultValue("true") boolean enabled, @DefaultValue("5s") Duration base,
			@DefaultValue("5m") Duration max, @DefaultValue("1m") Duration spent) {

		CooldownSettings settings() {
			return new CooldownSettings(this.base, this.max, this.spent);
		}

	}

	/**
	 * How many calls targets get at once.
	 *
	 * @param enabled whether that is limited
	 * @param algorithm how the number follows what a target can take
	 * @param initial calls at once in the beginning
	 * @param min never fewer
	 * @param max never more
	 * @param queue calls that wait for their turn
	 * @param maxWait how long each waits
	 */
	record Bulkhead(@DefaultValue("true") boolean enabled, @DefaultValue("aimd") BulkheadSettings.Algorithm algorithm,
			@DefaultValue("200") int initial, @DefaultValue("4") int min, @DefaultValue("1000") int max,
			@DefaultValue("200") int queue, @DefaultValue("5s") Duration maxWait) {

		BulkheadSettings settings() {
			return new BulkheadSettings(this.algorithm, this.initial, this.min, this.max, this.queue, this.maxWait);
		}

	}

}
