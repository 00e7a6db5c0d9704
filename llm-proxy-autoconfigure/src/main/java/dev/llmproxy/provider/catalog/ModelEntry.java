package dev.llmproxy.provider.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A line of a catalogue, before lines are put together.
 *
 * @param facts what it says itself
 * @param like the id of a model that it is like, in everything that it does not say
 * itself; {@code null} for one of that name in catalogues below
 */
public record ModelEntry(ModelFacts facts, @Nullable String like) {
}
