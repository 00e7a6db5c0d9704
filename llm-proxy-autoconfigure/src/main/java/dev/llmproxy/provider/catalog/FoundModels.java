package dev.llmproxy.provider.catalog;

import java.time.Instant;
import java.util.List;

import dev.llmproxy.provider.Provider;
import org.jspecify.annotations.Nullable;

/**
 * What a provider told of its models.
 *
 * @param models those it told last; empty if it never could
 * @param toldAt when it did; {@code null} if never
 * @param failingSince since when it can't be asked; {@code null} if it can
 */
public record FoundModels(List<Provider.Model> models, @Nullable Instant toldAt, @Nullable Instant failingSince) {

	/** Nobody has asked yet. */
	static final FoundModels NONE = new FoundModels(List.of(), null, null);

	public FoundModels {
		models = List.copyOf(models);
	}

}
