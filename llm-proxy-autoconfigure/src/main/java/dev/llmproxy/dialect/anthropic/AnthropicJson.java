package dev.llmproxy.dialect.anthropic;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.dialect.ReadyMapper;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees: read without losing digits, written in the order they were built. */
final class AnthropicJson {

	/** Schemas and arguments pass through, and {@code 1.10} has to stay that. */
	private static final JsonMapper JSON = ReadyMapper
		.of(JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build());

	private AnthropicJson() {
	}

	static ObjectNode object() {
		return JSON.createObjectNode();
	}

	/** An object with the member that all of the dialect's objects have. */
	static ObjectNode object(String type) {
		return object().put("type", type);
	}

	/**
	 * Parses a document.
	 * @return the object, or {@code null} if it is anything else
	 */
	static @Nullable ObjectNode parseObject(byte[] json) {
		try {
			return (JSON.readTree(json) instanceof ObjectNode object) ? object : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/**
	 * Parses a document.
	 * @return the object, or {@code null} if it is anything else
	 */
	static @Nullable ObjectNode parseObject(String json) {
		try {
			return (JSON.readTree(json) instanceof ObjectNode object) ? object : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	static byte[] bytes(JsonNode node) {
		return JSON.writeValueAsBytes(node);
	}

	static String text(JsonNode node) {
		return JSON.writeValueAsString(node);
	}

	/** Maps, lists, strings, numbers and booleans in the document's order. */
	static @Nullable Object plain(JsonNode node) {
		return JSON.treeToValue(node, Object.class);
	}

	/** The members of an object, in the document's order. */
	static Map<String, @Nullable Object> plainObject(JsonNode object) {
		Map<String, @Nullable Object> members = new LinkedHashMap<>();
		object.properties().forEach((member) -> members.put(member.getKey(), plain(member.getValue())));
		return members;
	}

	/** The reverse of {@link #plain}. */
	static JsonNode tree(@Nullable Object plain) {
		return JSON.valueToTree(plain);
	}

	/** A number of tokens or of a block; 0 where there is no such number. */
	static long count(JsonNode node) {
		// Anything else could be a decimal with a billion digits once it is expanded.
		return (node.isIntegralNumber() && node.canConvertToLong()) ? Math.max(0, node.longValue()) : 0;
	}

	static @Nullable String textOrNull(JsonNode node) {
		return node.isString() ? node.stringValue() : null;
	}

	/** The string, or an empty one where there is none. */
	static String textOrEmpty(JsonNode node) {
		return node.isString() ? node.stringValue() : "";
	}

}
