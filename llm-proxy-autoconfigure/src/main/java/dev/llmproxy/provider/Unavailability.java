package dev.llmproxy.provider;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Why a target is not tried.
 *
 * @param reason a stable word, such as {@code breaker_open}
 * @param detail for a person; nothing secret
 * @param retryAfter when to ask again; {@code null} where nobody knows
 */
public record Unavailability(String reason, String detail, @Nullable Duration retryAfter) {

	/** The provider had too many requests. */
	public static final String COOLDOWN = "cooldown";

	/** It is about to have too many. */
	public static final String LIMIT = "limit";

	/** The reasons that are over after the time they name. */
	public static final Set<String> QUOTAS = Set.of(COOLDOWN, LIMIT);

	/** Of a target that failed too often. */
	public static final String BREAKER_OPEN = "breaker_open";

	/** Of a target whose breaker an operator holds open. */
	public static final String BREAKER_FORCED_OPEN = "breaker_forced_open";

}
