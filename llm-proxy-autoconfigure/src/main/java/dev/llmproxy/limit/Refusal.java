package dev.llmproxy.limit;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Why a call is not admitted.
 *
 * @param retryAfter when there may be room; {@code null} if there never will be, because
 * the call asks for more than the whole quota
 */
public record Refusal(Standing standing, Limited limited, @Nullable Duration retryAfter) {
}
