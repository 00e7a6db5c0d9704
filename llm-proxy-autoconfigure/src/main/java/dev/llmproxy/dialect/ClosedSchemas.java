package dev.llmproxy.dialect;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fits a schema into what Anthropic's models, and others on Bedrock, can hold an answer
 * to; both have a page on structured outputs that lists the same. Objects have to be
 * closed, and most limits on values are refused.
 */
public final class ClosedSchemas {

	private static final Set<String> REFUSED = Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
			"multipleOf", "minLength", "maxLength", "maxItems", "uniqueItems", "contains", "minContains", "maxContains",
			"minProperties", "maxProperties", "patternProperties", "propertyNames", "dependentRequired",
			"dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "not", "if", "then", "else");

	private static final Set<String> FORMATS = Set.of("date-time", "time", "date", "duration", "email", "hostname",
			"uri", "ipv4", "ipv6", "uuid");

	/** Keywords whose members, or elements, are schemas again. */
	private static final List<String> NESTS = List.of("properties", "$defs", "definitions", "anyOf", "allOf");

	private static final String OPEN = "additionalProperties";

	private ClosedSchemas() {
	}

	/**
	 * Changes the schema.
	 * @return the keywords that are lost, each once
	 */
	public static Set<String> fit(ObjectNode schema) {
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
		if ("object".equals(schema.path("type").stringValue(null)) || schema.has("properties")) {
			close(schema, lost);
		}
		NESTS.forEach((nest) -> schema.path(nest).forEach((nested) -> fit(nested, lost)));
		fit(schema.path("items"), lost);
	}

	private static boolean isRefused(String keyword, JsonNode value) {
		return switch (keyword) {
			// Anything else could be a decimal with a billion digits once it is expanded.
			case "minItems" -> value.isIntegralNumber() && value.canConvertToLong() && value.longValue() > 1;
			case "format" -> !FORMATS.contains(value.stringValue(""));
			default -> REFUSED.contains(keyword);
		};
	}

	/** An object that lists its members is meant to have those, unless it says more. */
	private static void close(ObjectNode schema, Set<String> lost) {
		JsonNode open = schema.path(OPEN);
		if (open.isBoolean() && !open.booleanValue()) {
			return;
		}
		if (!open.isMissingNode() || schema.path("properties").isEmpty()) {
			lost.add(OPEN);
		}
		schema.put(OPEN, false);
	}

}
