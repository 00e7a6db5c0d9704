package dev.llmproxy.cache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How the answers of a route are kept.
 *
 * @param enabled whether they are
 * @param ttl how long an answer is good for; positive
 * @param maxTtl up to which each {@code hotHits} hits double that time; not less than it
 * @param hotHits 0 where hits prolong nothing
 * @param staleWhileRevalidate how long after its time an answer is still given while a
 * new one is fetched (RFC 5861, section 3)
 * @param staleIfError how long after its time an answer is still given where there is
 * only an error otherwise (RFC 5861, section 4)
 * @param nonDeterministic whether also those answers are kept that the model might not
 * give again
 * @param tenant whom answers are shared by
 * @param semantic whether an answer to a question of the same meaning will do
 * @param flag answers are kept only of requests that it is on for; {@code null} for all
 */
public record CachePolicy(boolean enabled, Duration ttl, Duration maxTtl, int hotHits, Duration staleWhileRevalidate,
		Duration staleIfError, boolean nonDeterministic, Tenant tenant, boolean semantic, @Nullable String flag) {

	/** Nothing is kept. */
	public static final CachePolicy OFF = new CachePolicy(false, Duration.ofHours(1), Duration.ofHours(1), 0,
			Duration.ZERO, Duration.ZERO, false, Tenant.KEY);

	public CachePolicy {
		if (ttl.isNegative() || ttl.isZero() || maxTtl.compareTo(ttl) < 0) {
			throw new IllegalArgumentException("ttl must be positive, and max-ttl no shorter");
		}
		if (hotHits < 0 || staleWhileRevalidate.isNegative() || staleIfError.isNegative()) {
			throw new IllegalArgumentException(
					"hot-hits, stale-while-revalidate and stale-if-error must not be negative");
		}
	}

	/** One that takes questions by their words. */
	public CachePolicy(boolean enabled, Duration ttl, Duration maxTtl, int hotHits, Duration staleWhileRevalidate,
			Duration staleIfError, boolean nonDeterministic, Tenant tenant) {
		this(enabled, ttl, maxTtl, hotHits, staleWhileRevalidate, staleIfError, nonDeterministic, tenant, false, null);
	}

	/** One for all requests. */
	public CachePolicy(boolean enabled, Duration ttl, Duration maxTtl, int hotHits, Duration staleWhileRevalidate,
			Duration staleIfError, boolean nonDeterministic, Tenant tenant, boolean semantic) {
		this(enabled, ttl, maxTtl, hotHits, staleWhileRevalidate, staleIfError, nonDeterministic, tenant, semantic,
				null);
	}

	/** How long after its time an answer may be of use at all. */
	Duration stale() {
		return (this.staleWhileRevalidate.compareTo(this.staleIfError) >= 0) ? this.staleWhileRevalidate
				: this.staleIfError;
	}

	/** Who shares answers: nobody gets those of another tenant. */
	public enum Tenant {

		/** Each key has its own. */
		KEY,

		/** All keys of a team; a key without a team has its own. */
		TEAM

	}

}
