package dev.llmproxy.dialect.anthropic;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fits a schema of another dialect into what the API can hold an answer to; the page on
 * structured outputs lists it. Objects have to be closed there, and most limits on values
 * are refused.
 */
final class AnthropicSchemas {

	private static final Set<String> REFUSED = Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
			"multipleOf", "minLength", "maxLength", "maxItems", "uniqueItems", "contains", "minContains", "maxContains",
			"minProperties", "maxProperties", "patternProperties", "propertyNames", "dependentRequired",
			"dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "not", "if", "then", "else");

	private static final Set<String> FORMATS = Set.of("date-time", "time", "date", "duration", "email", "hostname",
			"uri", "ipv4", "ipv6", "uuid");

	private static final String OPEN = "additionalProperties";

	private AnthropicSchemas() {
	}

	/**
	 * Changes the schema.
	 * @return the keywords that are lost, each once
	 */
	static Set<String> fit(ObjectNode schema) {
		Set<String> lost = new LinkedHashSet<>();
		fit(schema, lost);
		return lost;
	}

	private static void fit(JsonNode node, Set<String> lost) {
		if (!(node instanceof ObjectNode schema)) {
			return;
		}
		for (String keyword : List.copyOf(schema.propertyNames())) {
			if (isRefused(keyword, schema.path(keyword))) {
				schema.remove(keyword);
				lost.add(keyword);
			}
		}
		if (schema.has("oneOf") && !schema.has("anyOf")) {
			schema.set("anyOf", schema.remove("oneOf"));
		}
		close(schema, lost);
		schema.path("properties").forEach((property) -> fit(property, lost));
		schema.path("$defs").forEach((definition) -> fit(definition, lost));
		schema.path("definitions").forEach((definition) -> fit(definition, lost));
		schema.path("anyOf").forEach((alternative) -> fit(alternative, lost));
		schema.path("allOf").forEach((part) -> fit(part, lost));
		fit(schema.path("items"), lost);
	}

	private static boolean isRefused(String keyword, JsonNode value) {
		return REFUSED.contains(keyword) || (keyword.equals("minItems") && AnthropicJson.count(value) > 1)
				|| (keyword.equals("format") && !FORMATS.contains(AnthropicJson.textOrEmpty(value)));
	}

	private static void close(ObjectNode schema, Set<String> lost) {
		JsonNode open = schema.path(OPEN);
		boolean object = schema.path("type").stringValue("").equals("object") || schema.has("properties");
		if (!object || (open.isBoolean() && !open.booleanValue())) {
			return;
		}
		// An object that lists its members is meant to have those.
		if (!open.isMissingNode() || schema.path("properties").isEmpty()) {
			lost.add(OPEN);
		}
		schema.put(OPEN, false);
	}

}
