package dev.llmproxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * A prompt-cache mark: the provider may cache everything up to and including the marked
 * element (Anthropic {@code cache_control}, Bedrock {@code cachePoint}).
 *
 * @param ttl lifetime such as {@code 5m} or {@code 1h}; {@code null} is the provider's
 * default
 */
public record CacheControl(@Nullable String ttl) {

	public static final CacheControl EPHEMERAL = new CacheControl(null);

}
