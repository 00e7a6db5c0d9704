package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Schemas in both of the dialect's languages: {@code parameters} and
 * {@code responseSchema} are a subset of OpenAPI 3.0, {@code parametersJsonSchema} and
 * {@code responseJsonSchema} are JSON Schema. The Gemini API and Vertex AI have both; the
 * canonical model and the encoder use JSON Schema, of which the API ignores what it does
 * not know.
 */
final class GeminiSchemas {

	/** Keywords whose value is a schema or a list of schemas. */
	private static final Set<String> SCHEMAS = Set.of("items", "prefixItems", "additionalProperties", "anyOf", "oneOf",
			"allOf", "not", "if", "then", "else", "contains", "propertyNames", "additionalItems");

	/** Keywords whose value is schemas by name. */
	private static final Set<String> NAMED_SCHEMAS = Set.of("properties", "patternProperties", "dependentSchemas",
			"$defs");

	/** 64-bit integers, which the JSON form of protocol buffers writes as strings. */
	private static final Set<String> COUNTS = Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties",
			"maxProperties");

	private GeminiSchemas() {
	}

	/** Reads the subset of OpenAPI, in any spelling, as JSON Schema. */
	static Map<String, @Nullable Object> fromOpenApi(JsonNode schema, String path) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		boolean[] nullable = new boolean[1];
		GeminiJson.members(schema, path, (name, value) -> {
			String at = GeminiJson.join(path, name);
			switch (name) {
				case "type" -> type(value, json);
				case "nullable" -> nullable[0] = GeminiJson.bool(value, at);
				case "properties" -> json.put(name, named(value, at));
				case "defs", "$defs" -> json.put("$defs", named(value, at));
				case "ref", "$ref" -> json.put("$ref", GeminiJson.text(value, at).replace("#/defs/", "#/$defs/"));
				case "example" -> json.put("examples", Collections.singletonList(GeminiJson.plain(value)));
				case "format" -> {
					// Marks an enum, which JSON Schema needs no mark for.
					if (!"enum".equals(GeminiJson.text(value, at))) {
						json.put(name, value.stringValue());
					}
				}
				default -> json.put(name, member(name, value, at));
			}
		});
		if (nullable[0]) {
			allowNull(json);
		}
		return json;
	}

	private static void type(JsonNode value, Map<String, @Nullable Object> json) {
		if (!value.isString()) {
			json.put("type", GeminiJson.plain(value));
		}
		else if (!value.stringValue().equals("TYPE_UNSPECIFIED")) {
			json.put("type", value.stringValue().toLowerCase(Locale.ROOT));
		}
	}

	private static @Nullable Object member(String name, JsonNode value, String path) {
		if (COUNTS.contains(name)) {
			return GeminiJson.integer(value, path);
		}
		if (SCHEMAS.contains(name) && value.isObject()) {
			return fromOpenApi(value, path);
		}
		if (SCHEMAS.contains(name) && value.isArray()) {
			List<@Nullable Object> list = new ArrayList<>();
			for (JsonNode item : value) {
				list.add(item.isObject() ? fromOpenApi(item, path + "[" + list.size() + "]") : GeminiJson.plain(item));
			}
			return list;
		}
		return GeminiJson.plain(value);
	}

	private static Map<String, @Nullable Object> named(JsonNode schemas, String path) {
		Map<String, @Nullable Object> named = new LinkedHashMap<>();
		for (Map.Entry<String, JsonNode> entry : schemas.properties()) {
			named.put(entry.getKey(), entry.getValue().isObject()
					? fromOpenApi(entry.getValue(), path + "." + entry.getKey()) : GeminiJson.plain(entry.getValue()));
		}
		return named;
	}

	private static void allowNull(Map<String, @Nullable Object> json) {
		if (json.get("type") instanceof String type && !type.equals("null")) {
			json.put("type", List.of(type, "null"));
		}
		else if (json.get("anyOf") instanceof List<?> alternatives) {
			List<@Nullable Object> wider = new ArrayList<>(alternatives);
			wider.add(Map.of("type", "null"));
			json.put("anyOf", wider);
		}
	}

	/**
	 * JSON Schema in the words that the API knows, where there is a way: no dialect and
	 * no discriminator, a constant as an enum of one, {@code allOf} of one as
	 * {@code anyOf}, definitions under {@code $defs}, and nothing beside {@code $ref},
	 * which it demands.
	 */
	static Map<String, @Nullable Object> forGemini(Map<?, ?> schema) {
		Map<String, @Nullable Object> json = new LinkedHashMap<>();
		schema.forEach((key, value) -> {
			String name = key.equals("definitions") ? "$defs" : String.valueOf(key);
			if (name.equals("$ref") && value instanceof String reference) {
				json.put(name, reference.replace("#/definitions/", "#/$defs/"));
			}
			else if (name.equals("allOf") && value instanceof List<?> one && one.size() == 1
					&& !schema.containsKey("anyOf")) {
				json.put("anyOf", nested(value));
			}
			else if (name.equals("const")) {
				constant(json, value);
			}
			else if (NAMED_SCHEMAS.contains(name) && value instanceof Map<?, ?> map) {
				Map<String, @Nullable Object> named = new LinkedHashMap<>();
				map.forEach((property, inner) -> named.put(String.valueOf(property), nested(inner)));
				json.put(name, named);
			}
			else if (!name.equals("$schema") && !name.equals("discriminator")) {
				json.put(name, SCHEMAS.contains(name) ? nested(value) : value);
			}
		});
		return wrapReference(json);
	}

	private static @Nullable Object nested(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return forGemini(map);
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> schemas = new ArrayList<>(list.size());
			list.forEach((item) -> schemas.add(nested(item)));
			return schemas;
		}
		return value;
	}

	private static void constant(Map<String, @Nullable Object> json, @Nullable Object value) {
		if (value instanceof String || value instanceof Number) {
			json.putIfAbsent("enum", List.of(value));
		}
		else if (value == null) {
			json.putIfAbsent("type", "null");
		}
		else {
			json.put("const", value);
		}
	}

	private static Map<String, @Nullable Object> wrapReference(Map<String, @Nullable Object> json) {
		if (!json.containsKey("$ref") || json.keySet().stream().allMatch((name) -> name.startsWith("$"))) {
			return json;
		}
		Map<String, @Nullable Object> wrapped = new LinkedHashMap<>(json);
		Object reference = wrapped.remove("$ref");
		if (reference != null) {
			wrapped.putIfAbsent("anyOf", List.of(Map.of("$ref", reference)));
		}
		return wrapped;
	}

}
