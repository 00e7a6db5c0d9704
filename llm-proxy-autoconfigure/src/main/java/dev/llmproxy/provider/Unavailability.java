package dev.llmproxy.provider;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Why a target is not tried.
 *
 * @param reason a stable word, such as {@code breaker_open}
 * @param detail for a person; nothing secret
 * @param retryAfter when to ask again; {@code null} where nobody knows
 */
public record Unavailability(String reason, String detail, @Nullable Duration retryAfter) {
}
