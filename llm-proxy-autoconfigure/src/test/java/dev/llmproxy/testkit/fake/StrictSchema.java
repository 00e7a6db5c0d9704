package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The rules for schemas that the model is held to: objects list all their properties as
 * required (only OpenAI insists on that) and allow no others.
 */
final class StrictSchema {

	private StrictSchema() {
	}

	/** What is wrong with the schema, or {@code null} if nothing is. */
	static @Nullable String complaint(JsonNode schema, boolean everythingRequired) {
		return complaint(schema, everythingRequired, new ArrayList<>());
	}

	private static @Nullable String complaint(JsonNode schema, boolean everythingRequired, List<String> context) {
		String where = "In context=(" + String.join(", ", context) + (context.size() == 1 ? ",)" : ")");
		if (schema.has("properties") || schema.path("type").asString("").equals("object")) {
			JsonNode additional = schema.path("additionalProperties");
			if (!additional.isBoolean() || additional.asBoolean()) {
				return where + ", 'additionalProperties' is required to be supplied and to be false.";
			}
			for (String name : schema.path("properties").propertyNames()) {
				if (everythingRequired && !contains(schema.path("required"), name)) {
					return where + ", 'required' is required to be supplied and to be an array including every key "
							+ "in properties. Missing '" + name + "'.";
				}
			}
		}
		for (String keyword : List.of("properties", "$defs", "definitions")) {
			for (Map.Entry<String, JsonNode> entry : schema.path(keyword).properties()) {
				String found = nested(entry.getValue(), everythingRequired, context, keyword, entry.getKey());
				if (found != null) {
					return found;
				}
			}
		}
		for (JsonNode option : schema.path("anyOf")) {
			String found = nested(option, everythingRequired, context, "anyOf");
			if (found != null) {
				return found;
			}
		}
		return schema.path("items").isObject() ? nested(schema.get("items"), everythingRequired, context, "items")
				: null;
	}

	private static @Nullable String nested(JsonNode schema, boolean everythingRequired, List<String> context,
			String... steps) {
		List<String> longer = new ArrayList<>(context);
		for (String step : steps) {
			longer.add("'" + step + "'");
		}
		return complaint(schema, everythingRequired, longer);
	}

	private static boolean contains(JsonNode array, String text) {
		for (JsonNode item : array) {
			if (item.asString("").equals(text)) {
				return true;
			}
		}
		return false;
	}

}
