package dev.llmproxy.provider.catalog;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.llmproxy.provider.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Facts of models by their ids, which are a kind of provider and a model of it:
 * {@code openai/gpt-4o}. Below {@code open/} are models that anybody may serve.
 * Immutable.
 */
public final class ModelCatalogue {

	/** Of nobody anything is known. */
	public static final ModelCatalogue EMPTY = new ModelCatalogue(Map.of());

	private final Map<String, ModelFacts> byId;

	private ModelCatalogue(Map<String, ModelFacts> byId) {
		this.byId = Collections.unmodifiableMap(byId);
	}

	/**
	 * This catalogue with more said. What a line says takes the place of what is known
	 * already, and the rest stays.
	 * @throws IllegalArgumentException if a line is like another that there is not
	 */
	public ModelCatalogue with(List<ModelEntry> entries) {
		Map<String, ModelFacts> next = new TreeMap<>(this.byId);
		ModelCatalogue grown = new ModelCatalogue(next);
		for (ModelEntry entry : entries) {
			String id = entry.facts().id();
			int slash = id.indexOf('/');
			if (slash <= 0 || slash == id.length() - 1) {
				throw new IllegalArgumentException(
						"'" + id + "' is no model: write provider/model, such as openai/gpt-4o");
			}
			ModelFacts base = grown.like(entry, id.substring(0, slash), id.substring(slash + 1));
			next.put(id, (base != null) ? entry.facts().or(base) : entry.facts());
		}
		return grown;
	}

	private @Nullable ModelFacts like(ModelEntry entry, String type, String model) {
		String like = entry.like();
		if (like == null) {
			return find(type, model);
		}
		int slash = like.indexOf('/');
		ModelFacts facts = (slash > 0) ? find(like.substring(0, slash), like.substring(slash + 1)) : null;
		if (facts == null) {
			throw new IllegalArgumentException(
					"'" + entry.facts().id() + "' is said to be like '" + like + "', of which nothing is known");
		}
		return facts;
	}

	/** What is known of a provider's model, by the provider's name, or by what it is. */
	public @Nullable ModelFacts find(Provider provider, String model) {
		ModelFacts own = longest(provider.name() + "/" + model);
		return (own != null) ? own : find(provider.type(), model);
	}

	/**
	 * What is known of a model.
	 * @param type the kind of provider, such as {@code openai}
	 * @return {@code null} if nothing is
	 */
	public @Nullable ModelFacts find(String type, String model) {
		for (String name : ModelNames.exact(type, model)) {
			ModelFacts facts = longest(name);
			if (facts != null) {
				return facts;
			}
		}
		if (ModelNames.namesItself(type)) {
			return null;
		}
		for (String name : ModelNames.alike(type, model)) {
			ModelFacts facts = longest(name);
			if (facts != null) {
				return facts.withoutPrices();
			}
		}
		return null;
	}

	/** By the whole name, or by the longest beginning that a version follows. */
	private @Nullable ModelFacts longest(String name) {
		ModelFacts facts = this.byId.get(name);
		for (int end = name.length() - 1; facts == null && end > name.indexOf('/') + 1; end--) {
			char c = name.charAt(end);
			if (c == '-' || c == '@' || c == ':') {
				ModelFacts base = this.byId.get(name.substring(0, end));
				facts = (base != null && ModelNames.isVersion(base.id(), name)) ? base : null;
			}
		}
		return facts;
	}

	/** All of them, by id. */
	public Collection<ModelFacts> all() {
		return this.byId.values();
	}

}
