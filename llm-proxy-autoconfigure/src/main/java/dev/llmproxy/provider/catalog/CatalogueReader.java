package dev.llmproxy.provider.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.NanoUsd;
import dev.llmproxy.provider.catalog.ModelFacts.Source;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads a catalogue from YAML, strictly: a name that is not known would be a fact that is
 * believed to be there.
 */
public final class CatalogueReader {

	private static final String SHIPPED = "/META-INF/llm-proxy/models.yaml";

	private static final String PRICE = "a price in US dollars per million tokens, such as 2.50";

	private static final Set<String> FACTS = Set.of("like", "context-window", "max-output", "input-modalities",
			"output-modalities", "tools", "structured-output", "reasoning", "retired", "prices");

	private static final Set<String> PRICES = Set.of("input", "output", "cached-input", "cache-write",
			"cache-write-hour", "reasoning", "audio-input", "audio-output", "batch-input", "batch-output", "tiers");

	private static final Set<String> TIER = Set.of("above", "input", "output", "cached-input", "cache-write");

	private static final Set<String> MODALITIES = Set.of("text", "image", "audio", "video", "document", "embedding");

	private final Source source;

	private CatalogueReader(Source source) {
		this.source = source;
	}

	/** The catalogue that comes along. */
	public static ModelCatalogue shipped() {
		try (InputStream file = CatalogueReader.class.getResourceAsStream(SHIPPED)) {
			if (file == null) {
				return ModelCatalogue.EMPTY;
			}
			return ModelCatalogue.EMPTY.with(new CatalogueReader(Source.SHIPPED).read(file));
		}
		catch (IOException ex) {
			throw new IllegalStateException("The catalogue of models can't be read", ex);
		}
	}

	/**
	 * The lines of a file of an operator's.
	 * @throws IllegalArgumentException naming what is wrong
	 */
	public static List<ModelEntry> file(InputStream file) {
		return new CatalogueReader(Source.FILE).read(file);
	}

	private List<ModelEntry> read(InputStream file) {
		Object root;
		try {
			root = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
		}
		catch (YAMLException ex) {
			throw new IllegalArgumentException("it is no YAML: " + ex.getMessage(), ex);
		}
		Map<?, ?> models = map("models", map("the file", root).get("models"));
		List<ModelEntry> entries = new ArrayList<>(models.size());
		models.forEach((id, facts) -> entries.add(entry(String.valueOf(id), map(String.valueOf(id), facts))));
		return entries;
	}

	private ModelEntry entry(String id, Map<?, ?> facts) {
		check(id, facts, FACTS);
		Object like = facts.get("like");
		Object prices = facts.get("prices");
		return new ModelEntry(new ModelFacts(id, count(id, facts, "context-window"), count(id, facts, "max-output"),
				modalities(id, facts, "input-modalities"), modalities(id, facts, "output-modalities"),
				flag(id, facts, "tools"), flag(id, facts, "structured-output"), flag(id, facts, "reasoning"),
				date(id, facts),
				(prices != null) ? prices(id + ".prices", map(id + ".prices", prices)) : ModelPrices.NONE, this.source),
				(like != null) ? like.toString() : null);
	}

	private static ModelPrices prices(String place, Map<?, ?> prices) {
		check(place, prices, PRICES);
		List<ModelPrices.Tier> tiers = new ArrayList<>();
		if (prices.get("tiers") instanceof List<?> listed) {
			for (Object one : listed) {
				Map<?, ?> tier = map(place + ".tiers", one);
				check(place + ".tiers", tier, TIER);
				tiers.add(new ModelPrices.Tier(count(place + ".tiers", tier, "above"), price(place, tier, "input"),
						price(place, tier, "output"), price(place, tier, "cached-input"),
						price(place, tier, "cache-write")));
			}
		}
		return new ModelPrices(price(place, prices, "input"), price(place, prices, "output"),
				price(place, prices, "cached-input"), price(place, prices, "cache-write"),
				price(place, prices, "cache-write-hour"), price(place, prices, "reasoning"),
				price(place, prices, "audio-input"), price(place, prices, "audio-output"),
				price(place, prices, "batch-input"), price(place, prices, "batch-output"), tiers);
	}

	private static Map<?, ?> map(String place, @Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return map;
		}
		throw new IllegalArgumentException(place + ": there have to be names and values");
	}

	private static void check(String place, Map<?, ?> map, Set<String> known) {
		for (Object name : map.keySet()) {
			if (!known.contains(String.valueOf(name))) {
				throw new IllegalArgumentException(place + "." + name + ": there is no such fact; there are "
						+ String.join(", ", known.stream().sorted().toList()));
			}
		}
	}

	private static int count(String place, Map<?, ?> facts, String name) {
		Object value = facts.get(name);
		if (value == null) {
			return 0;
		}
		if (value instanceof Integer count && count > 0) {
			return count;
		}
		throw wrong(place, name, value, "a number of tokens");
	}

	private static @Nullable Boolean flag(String place, Map<?, ?> facts, String name) {
		Object value = facts.get(name);
		if (value == null || value instanceof Boolean) {
			return (Boolean) value;
		}
		throw wrong(place, name, value, "true or false");
	}

	private static @Nullable LocalDate date(String place, Map<?, ?> facts) {
		Object value = facts.get("retired");
		if (value == null) {
			return null;
		}
		try {
			return LocalDate.parse(value.toString());
		}
		catch (DateTimeParseException ex) {
			throw wrong(place, "retired", value, "a date in quotes, such as \"2027-01-31\"");
		}
	}

	private static Set<String> modalities(String place, Map<?, ?> facts, String name) {
		Object value = facts.get(name);
		if (value == null) {
			return Set.of();
		}
		Set<String> names = new LinkedHashSet<>();
		for (Object one : (value instanceof List<?> list) ? list : List.of(value)) {
			names.add(String.valueOf(one));
		}
		try {
			return modalities(names);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(place + "." + name + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * Checks names of modalities.
	 * @throws IllegalArgumentException naming the one that there is not
	 */
	public static Set<String> modalities(Set<String> names) {
		for (String one : names) {
			if (!MODALITIES.contains(one)) {
				throw new IllegalArgumentException(
						"'" + one + "' is not one of " + String.join(", ", MODALITIES.stream().sorted().toList()));
			}
		}
		return names;
	}

	private static @Nullable Long price(String place, Map<?, ?> prices, String name) {
		Object value = prices.get(name);
		if (value == null) {
			return null;
		}
		if (value instanceof Number) {
			try {
				return nanos(new BigDecimal(value.toString()));
			}
			catch (IllegalArgumentException ex) {
				// Said below.
			}
		}
		throw wrong(place, name, value, PRICE);
	}

	/**
	 * A price in nano-USD.
	 * @param dollars the same in US dollars
	 * @throws IllegalArgumentException if it is negative, or too exact
	 */
	public static long nanos(BigDecimal dollars) {
		try {
			return NanoUsd.of(dollars);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'" + dollars + "' is not " + PRICE, ex);
		}
	}

	private static IllegalArgumentException wrong(String place, String name, @Nullable Object value, String right) {
		return new IllegalArgumentException(place + "." + name + ": '" + value + "' is not " + right);
	}

}
