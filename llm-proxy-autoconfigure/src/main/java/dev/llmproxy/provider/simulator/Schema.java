package dev.llmproxy.provider.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A JSON Schema object whose references are followed, whose {@code allOf} is merged and
 * whose first alternative is chosen.
 *
 * @param members its keywords
 */
record Schema(Map<String, @Nullable Object> members) {

	private static final int MOST_STEPS = 50;

	/**
	 * Follows what leads elsewhere.
	 * @param schema an object, {@code true}, or anything else, which allows everything
	 * @param root where references start
	 */
	static Schema resolve(@Nullable Object schema, Map<String, @Nullable Object> root) {
		Map<String, @Nullable Object> members = new LinkedHashMap<>(object(schema));
		for (int step = 0; step < MOST_STEPS; step++) {
			if (members.remove("$ref") instanceof String reference) {
				merge(members, object(lookUp(reference, root)));
			}
			else if (members.remove("allOf") instanceof List<?> all) {
				all.stream().limit(MOST_STEPS).forEach((one) -> merge(members, object(one)));
			}
			else if (members.remove("anyOf") instanceof List<?> any) {
				merge(members, object(first(any)));
			}
			else if (members.remove("oneOf") instanceof List<?> one) {
				merge(members, object(first(one)));
			}
			else {
				break;
			}
		}
		return new Schema(members);
	}

	/** Adds what is not there; properties and requirements are joined. */
	private static void merge(Map<String, @Nullable Object> members, Map<String, @Nullable Object> more) {
		more.forEach((keyword, value) -> {
			Object present = members.get(keyword);
			if (keyword.equals("properties") && present instanceof Map<?, ?>) {
				Map<String, @Nullable Object> joined = new LinkedHashMap<>(object(present));
				object(value).forEach(joined::putIfAbsent);
				members.put(keyword, joined);
			}
			else if (keyword.equals("required") && present instanceof List<?> names && value instanceof List<?> added) {
				List<@Nullable Object> joined = new ArrayList<>(names);
				joined.addAll(added);
				members.put(keyword, joined);
			}
			else if (!members.containsKey(keyword)) {
				members.put(keyword, value);
			}
		});
	}

	/** The first alternative that is something. */
	private static @Nullable Object first(List<?> alternatives) {
		for (Object alternative : alternatives) {
			if (!"null".equals(object(alternative).get("type"))) {
				return alternative;
			}
		}
		return alternatives.isEmpty() ? null : alternatives.get(0);
	}

	/** What a JSON pointer (RFC 6901) in a fragment names. */
	private static @Nullable Object lookUp(String reference, Map<String, @Nullable Object> root) {
		if (!reference.startsWith("#")) {
			return null;
		}
		Object found = root;
		for (String step : reference.substring(1).split("/")) {
			if (!step.isEmpty()) {
				String name = decode(step).replace("~1", "/").replace("~0", "~");
				found = object(found).get(name);
			}
		}
		return found;
	}

	private static String decode(String step) {
		try {
			return URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return step;
		}
	}

	@SuppressWarnings("unchecked")
	private static Map<String, @Nullable Object> object(@Nullable Object value) {
		return (value instanceof Map<?, ?> map) ? (Map<String, @Nullable Object>) map : Map.of();
	}

	boolean has(String keyword) {
		return this.members.containsKey(keyword);
	}

	@Nullable Object get(String keyword) {
		return this.members.get(keyword);
	}

	Map<String, @Nullable Object> map(String keyword) {
		return object(get(keyword));
	}

	List<?> list(String keyword) {
		return (get(keyword) instanceof List<?> list) ? list : List.of();
	}

	/** A number, which may be large but is finite. */
	double number(String keyword, double absent) {
		return (get(keyword) instanceof Number number && Double.isFinite(number.doubleValue())) ? number.doubleValue()
				: absent;
	}

	@Nullable String text(String keyword) {
		return (get(keyword) instanceof String text) ? text : null;
	}

	/** The type it has, or seems to have; lower case, because Gemini shouts. */
	String type() {
		Object type = get("type");
		if (type instanceof List<?> types) {
			type = types.stream()
				.filter((one) -> !"null".equals(one))
				.<Object>map((one) -> one)
				.findFirst()
				.orElse("null");
		}
		if (type instanceof String name) {
			return name.toLowerCase(Locale.ROOT);
		}
		if (has("properties") || has("required") || has("additionalProperties")) {
			return "object";
		}
		if (has("items") || has("prefixItems")) {
			return "array";
		}
		return (has("minimum") || has("maximum") || has("multipleOf")) ? "number" : "string";
	}

}
