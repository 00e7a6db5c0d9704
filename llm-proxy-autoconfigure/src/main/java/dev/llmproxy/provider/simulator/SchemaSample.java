package dev.llmproxy.provider.simulator;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Makes a value that satisfies a JSON Schema (2020-12, and the older forms in use): the
 * first of what is enumerated, the least that is required, the same every time.
 * Conditions ({@code if}, {@code not}, {@code dependent…}) are not looked at. Bounded,
 * whatever the schema says. Not thread-safe.
 */
final class SchemaSample {

	private static final int MOST_VALUES = 1000;

	private static final int MOST_ITEMS = 50;

	/** From here on optional properties and items are left out. */
	private static final int DEEP = 6;

	private static final int DEEPEST = 40;

	private final Map<String, @Nullable Object> root;

	private final StringSample strings;

	private int values;

	private SchemaSample(Map<String, @Nullable Object> root, Iterator<String> words) {
		this.root = root;
		this.strings = new StringSample(words);
	}

	/**
	 * A value for a schema.
	 * @param words preferred for strings that may be anything; taken in order
	 */
	static @Nullable Object of(Map<String, @Nullable Object> schema, Iterator<String> words) {
		return new SchemaSample(schema, words).value(schema, "", 0, 0);
	}

	/**
	 * A value for a schema inside.
	 * @param name of the property it is for
	 * @param index tells items of one array apart
	 */
	private @Nullable Object value(@Nullable Object schema, String name, int index, int depth) {
		if (this.values++ >= MOST_VALUES || depth > DEEPEST) {
			return null;
		}
		Schema resolved = Schema.resolve(schema, this.root);
		if (resolved.has("const")) {
			return resolved.get("const");
		}
		List<?> given = resolved.list("enum");
		if (!given.isEmpty()) {
			return given.get(index % given.size());
		}
		List<?> examples = resolved.list("examples");
		if (!examples.isEmpty()) {
			return examples.get(index % examples.size());
		}
		if (resolved.has("default")) {
			return resolved.get("default");
		}
		return switch (resolved.type()) {
			case "object" -> object(resolved, depth);
			case "array" -> array(resolved, name, depth);
			case "integer", "number" -> NumberSample.of(resolved, index);
			case "boolean" -> index % 2 == 0;
			case "null" -> null;
			default -> this.strings.of(resolved, name, index);
		};
	}

	private Map<String, @Nullable Object> object(Schema schema, int depth) {
		Map<String, @Nullable Object> properties = schema.map("properties");
		Set<String> required = names(schema.list("required"));
		boolean all = required.isEmpty() && depth < DEEP;
		int least = (int) Math.min(MOST_ITEMS, schema.number("minProperties", 0));
		Map<String, @Nullable Object> object = new LinkedHashMap<>();
		for (Map.Entry<String, @Nullable Object> property : properties.entrySet()) {
			if (all || required.contains(property.getKey())) {
				put(object, property.getKey(), property.getValue(), depth);
			}
		}
		for (String name : required) {
			put(object, name, schema.get("additionalProperties"), depth);
		}
		Iterator<Map.Entry<String, @Nullable Object>> optional = properties.entrySet().iterator();
		while (object.size() < least && optional.hasNext()) {
			Map.Entry<String, @Nullable Object> property = optional.next();
			put(object, property.getKey(), property.getValue(), depth);
		}
		for (int i = 1; object.size() < least && i <= MOST_ITEMS; i++) {
			put(object, "property" + i, schema.get("additionalProperties"), depth);
		}
		return object;
	}

	private void put(Map<String, @Nullable Object> object, String name, @Nullable Object schema, int depth) {
		if (this.values < MOST_VALUES && !object.containsKey(name)) {
			object.put(name, value(schema, name, 0, depth + 1));
		}
	}

	private List<@Nullable Object> array(Schema schema, String name, int depth) {
		List<?> prefix = schema.list("prefixItems");
		Object items = schema.get("items");
		if (items instanceof List<?> tuple) {
			prefix = tuple;
			items = schema.get("additionalItems");
		}
		double most = Math.min(MOST_ITEMS, schema.number("maxItems", MOST_ITEMS));
		double least = Math.max(schema.number("minItems", 0), prefix.size());
		double wished = (depth < DEEP && !Boolean.FALSE.equals(items)) ? Math.max(1, least) : least;
		List<@Nullable Object> array = new ArrayList<>();
		while (array.size() < Math.min(wished, most) && this.values < MOST_VALUES) {
			int index = array.size();
			array.add(value((index < prefix.size()) ? prefix.get(index) : items, name, index, depth + 1));
		}
		return array;
	}

	private static Set<String> names(Collection<?> values) {
		Set<String> names = new LinkedHashSet<>();
		values.stream().filter(String.class::isInstance).map(String.class::cast).forEach(names::add);
		return names;
	}

}
