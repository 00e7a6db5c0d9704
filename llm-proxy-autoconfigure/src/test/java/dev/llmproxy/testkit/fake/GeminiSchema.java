package dev.llmproxy.testkit.fake;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Google's {@code Schema}, which is not JSON Schema: what it has no field for is an
 * error. Vertex AI knows a few fields more than the Gemini API.
 */
final class GeminiSchema {

	private static final String[] TYPES = { "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL" };

	private final boolean vertex;

	private GeminiSchema(boolean vertex) {
		this.vertex = vertex;
	}

	/** Checks a schema and returns it as JSON Schema would have it, in camel case. */
	static ObjectNode read(Fields schema, boolean vertex) {
		return new GeminiSchema(vertex).read(schema);
	}

	private ObjectNode read(Fields raw) {
		Fields schema = Proto.message(raw);
		String[] fields = { "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems",
				"properties", "required", "minProperties", "maxProperties", "minLength", "maxLength", "pattern",
				"example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum" };
		if (this.vertex) {
			fields = Arrays.copyOf(fields, fields.length + 5);
			System.arraycopy(new String[] { "additionalProperties", "defs", "$defs", "ref", "$ref" }, 0, fields,
					fields.length - 5, 5);
		}
		schema.allow(fields);
		ObjectNode read = schema.node().deepCopy();
		if (schema.has("ref") || schema.has("$ref")) {
			return read;
		}
		String type = Proto.optEnum(schema, "type", TYPES);
		ArrayNode options = read.has("anyOf") ? read.putArray("anyOf") : Json.array();
		for (Fields option : schema.optObjects("anyOf")) {
			options.add(read(option));
		}
		if (type == null) {
			if (options.isEmpty()) {
				throw schema.invalid("type", "schema didn't specify the schema type field");
			}
			return read;
		}
		switch (type) {
			case "OBJECT" -> read.set("properties", properties(schema));
			case "ARRAY" -> {
				if (!schema.has("items")) {
					throw schema.invalid("items", "missing field.");
				}
				read.set("items", read(schema.object("items")));
			}
			case "STRING" -> {
				if (!this.vertex && !List.of("", "enum", "date-time").contains(text(schema, "format"))) {
					throw schema.invalid("format", "only 'enum' and 'date-time' are supported for STRING type");
				}
			}
			default -> {
			}
		}
		checkEnum(schema, type);
		return read;
	}

	private static String text(Fields schema, String field) {
		String text = schema.optText(field);
		return (text == null) ? "" : text;
	}

	private ObjectNode properties(Fields schema) {
		ObjectNode read = Json.object();
		Fields properties = schema.optObject("properties");
		if (properties != null) {
			int index = 0;
			for (Map.Entry<String, JsonNode> property : properties.node().properties()) {
				Path at = properties.path().index(index++).field("value");
				read.set(property.getKey(), read(Fields.of(property.getValue(), at, new GeminiWording())));
			}
		}
		List<String> required = schema.optTexts("required", Integer.MAX_VALUE);
		for (int i = 0; i < required.size(); i++) {
			if (!read.has(required.get(i))) {
				throw new GeminiWording().invalid(schema.at("required").index(i), "property is not defined");
			}
		}
		return read;
	}

	private static void checkEnum(Fields schema, String type) {
		List<String> values = schema.optTexts("enum", Integer.MAX_VALUE);
		if (!values.isEmpty() && !type.equals("STRING")) {
			throw schema.invalid("enum", "only allowed for STRING type");
		}
		if (values.contains("")) {
			throw new GeminiWording().invalid(schema.at("enum").index(values.indexOf("")), "cannot be empty");
		}
	}

}
