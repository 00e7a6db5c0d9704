package dev.llmproxy.routing;

import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;

/**
 * When the targets of a route are tried again after all of them failed, and how long to
 * wait before. Pure; thread-safe.
 *
 * @param maxRetries rounds after the first; 0 for none
 * @param baseDelay the first wait is random between zero and this, each further one up to
 * twice as long (full jitter)
 * @param maxDelay the longest wait, also when the provider asks for one; a provider that
 * asks for more is not tried again
 * @param statuses of providers' answers after which the same target may be tried again
 */
public record RetryPolicy(int maxRetries, Duration baseDelay, Duration maxDelay, Set<Integer> statuses) {

	public static final Set<Integer> DEFAULT_STATUSES = Set.of(408, 409, 429, 500, 502, 503, 504, 529);

	public static final RetryPolicy DEFAULT = new RetryPolicy(2, Duration.ofMillis(250), Duration.ofSeconds(5),
			DEFAULT_STATUSES);

	/** Spent money does not come back within a retry. */
	private static final Set<String> LASTING = Set.of("insufficient_quota", "billing_hard_limit_reached",
			"credit_balance_too_low");

	/** No connection, for a reason that took long or that a moment does not mend. */
	private static final Set<String> SLOW_OR_HOPELESS = Set.of("upstream_connect_timeout", "upstream_tls");

	public RetryPolicy {
		if (maxRetries < 0 || baseDelay.isNegative() || maxDelay.isNegative()) {
			throw new IllegalArgumentException("Retries and delays must not be negative");
		}
		statuses = Set.copyOf(statuses);
	}

	/**
	 * Whether a target that failed like this may be tried again. What may have reached
	 * the provider and was not answered is not: it may be at work on it.
	 */
	boolean mayRetry(LlmException failure) {
		return switch (failure.origin()) {
			case CONNECT -> !SLOW_OR_HOPELESS.contains(String.valueOf(failure.error().code()));
			case GATEWAY -> failure.retryAfter() != null;
			case EXCHANGE -> false;
			case ANSWER -> {
				LlmException.Upstream upstream = failure.upstream();
				int status = (upstream != null) ? upstream.status() : failure.kind().status();
				yield this.statuses.contains(status) && !LASTING.contains(String.valueOf(failure.error().code()));
			}
		};
	}

	/**
	 * How long to wait.
	 * @param retry counts from 1
	 * @return {@code null} if the provider asks for more than is waited for
	 */
	@Nullable Duration delay(int retry, LlmException failure, RandomGenerator random) {
		Duration hint = failure.retryAfter();
		if (hint != null) {
			return (hint.compareTo(this.maxDelay) <= 0) ? hint : null;
		}
		long ceiling = Math.min(this.maxDelay.toMillis(), this.baseDelay.toMillis() << Math.min(retry - 1, 20));
		return Duration.ofMillis((ceiling > 0) ? random.nextLong(ceiling + 1) : 0);
	}

}
