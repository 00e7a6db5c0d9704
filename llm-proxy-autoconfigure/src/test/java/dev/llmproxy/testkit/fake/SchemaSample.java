package dev.llmproxy.testkit.fake;

import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes up the same JSON value for the same schema. Knows JSON Schema as far as providers
 * do, and Gemini's dialect of it with upper-case types.
 */
final class SchemaSample {

	private static final int DEEPEST = 12;

	private final JsonNode root;

	private final boolean unicode;

	private SchemaSample(JsonNode root, boolean unicode) {
		this.root = root;
		this.unicode = unicode;
	}

	/** A value that conforms to the schema; with awkward strings on request. */
	static JsonNode of(JsonNode schema, boolean unicode) {
		return new SchemaSample(schema, unicode).sample(schema, "value", 0);
	}

	private JsonNode sample(JsonNode schema, String name, int depth) {
		if (schema.has("$ref")) {
			return sample(resolve(schema.get("$ref").asString()), name, depth + 1);
		}
		if (schema.has("const")) {
			return schema.get("const");
		}
		if (schema.has("enum") && !schema.get("enum").isEmpty()) {
			return schema.get("enum").get(0);
		}
		for (String choice : new String[] { "anyOf", "oneOf" }) {
			if (schema.has(choice) && !schema.get(choice).isEmpty()) {
				// Recursive schemas offer null or another leaf last.
				JsonNode options = schema.get(choice);
				return sample(options.get((depth < DEEPEST) ? 0 : options.size() - 1), name, depth + 1);
			}
		}
		if (schema.has("allOf") && !schema.get("allOf").isEmpty()) {
			return sample(schema.get("allOf").get(0), name, depth + 1);
		}
		return switch (type(schema, depth)) {
			case "object" -> object(schema, depth);
			case "array" -> array(schema, name, depth);
			case "integer" -> Json.node((long) Math.ceil(number(schema)));
			case "number" -> Json.node(number(schema));
			case "boolean" -> Json.node(true);
			case "null" -> Json.node(null);
			default -> Json.node(string(schema, name));
		};
	}

	private static String type(JsonNode schema, int depth) {
		JsonNode type = schema.get("type");
		if (type == null) {
			return schema.has("properties") ? "object" : "string";
		}
		JsonNode one = type.isArray() ? type.get((depth < DEEPEST) ? 0 : type.size() - 1) : type;
		return one.asString().toLowerCase(Locale.ROOT);
	}

	private ObjectNode object(JsonNode schema, int depth) {
		ObjectNode object = Json.object();
		JsonNode required = schema.path("required");
		for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
			boolean needed = contains(required, property.getKey());
			if (needed || depth < 2) {
				object.set(property.getKey(), sample(property.getValue(), property.getKey(), depth + 1));
			}
		}
		return object;
	}

	private static boolean contains(JsonNode array, String text) {
		for (JsonNode item : array) {
			if (item.asString().equals(text)) {
				return true;
			}
		}
		return false;
	}

	private ArrayNode array(JsonNode schema, String name, int depth) {
		ArrayNode array = Json.array();
		int least = schema.path("minItems").asInt(depth < DEEPEST ? 1 : 0);
		for (int i = 0; i < least; i++) {
			array.add(sample(schema.path("items"), name, depth + 1));
		}
		return array;
	}

	private static double number(JsonNode schema) {
		double least = schema.path("minimum").asDouble(42);
		double most = schema.path("maximum").asDouble(Math.max(42, least));
		double number = Math.min(most, Math.max(least, 42));
		return (number == schema.path("exclusiveMinimum").asDouble(Double.NaN)) ? number + 1 : number;
	}

	private String string(JsonNode schema, String name) {
		String format = schema.path("format").asString("");
		String text = switch (format) {
			case "date" -> "2026-01-31";
			case "date-time" -> "2026-01-31T12:00:00Z";
			case "time" -> "12:00:00Z";
			case "email" -> "someone@example.com";
			case "uuid" -> "123e4567-e89b-42d3-a456-426614174000";
			case "uri" -> "https://example.com/";
			default -> this.unicode ? StandardBehaviour.UNICODE : "some " + name;
		};
		int least = schema.path("minLength").asInt(0);
		int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
		String padded = text + "x".repeat(Math.max(0, least - text.length()));
		return padded.substring(0, Math.min(padded.length(), most));
	}

	private JsonNode resolve(String reference) {
		@Nullable JsonNode target = this.root.at(reference.substring(reference.indexOf('#') + 1));
		if (target.isMissingNode()) {
			throw new IllegalArgumentException("Unresolvable reference " + reference);
		}
		return target;
	}

}
