package dev.llmproxy.provider.catalog;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A model by its public name.
 *
 * @param created seconds since the epoch, 0 where unknown
 * @param owner the provider's name
 * @param facts what is known of it; {@code null} if nothing is
 * @param staleSince since when its provider can't be asked; {@code null} if it can
 */
public record ListedModel(String id, long created, String owner, @Nullable ModelFacts facts,
		@Nullable Instant staleSince) {
}
