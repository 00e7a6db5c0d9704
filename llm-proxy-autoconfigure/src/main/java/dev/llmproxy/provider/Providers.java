package dev.llmproxy.provider;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** All providers by name. Immutable, unless it follows others, and thread-safe. */
public final class Providers {

	private final Map<String, Provider> byName;

	private final List<Map.Entry<String, Provider>> prefixes;

	private final @Nullable Supplier<Providers> followed;

	private Providers(Supplier<Providers> followed) {
		this.byName = Map.of();
		this.prefixes = List.of();
		this.followed = followed;
	}

	/**
	 * Creates the set.
	 * @throws IllegalArgumentException if two have one name
	 */
	public Providers(Collection<? extends Provider> providers) {
		Map<String, Provider> byName = new LinkedHashMap<>();
		List<Map.Entry<String, Provider>> prefixes = new ArrayList<>();
		for (Provider provider : providers) {
			if (byName.put(provider.name(), provider) != null) {
				throw new IllegalArgumentException("Two providers are named '" + provider.name() + "'");
			}
			provider.modelPrefixes().forEach((prefix) -> prefixes.add(Map.entry(prefix, provider)));
		}
		this.byName = Collections.unmodifiableMap(byName);
		this.prefixes = List.copyOf(prefixes);
		this.followed = null;
	}

	/**
	 * Those providers that there are when one is looked up.
	 * @param current tells them; the same until they change
	 */
	public static Providers following(Supplier<Providers> current) {
		return new Providers(current);
	}

	private Providers now() {
		return (this.followed != null) ? this.followed.get() : this;
	}

	public @Nullable Provider find(String name) {
		return now().byName.get(name);
	}

	/** The provider that is known for models of this bare name. */
	public @Nullable Provider findByModel(String model) {
		for (Map.Entry<String, Provider> prefix : now().prefixes) {
			if (model.startsWith(prefix.getKey())) {
				return prefix.getValue();
			}
		}
		return null;
	}

	public Collection<Provider> all() {
		return now().byName.values();
	}

	public Collection<String> names() {
		return now().byName.keySet();
	}

}
