package dev.llmproxy.dialect.bedrock;

import dev.llmproxy.dialect.ReadyMapper;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees: read without losing digits, written in the order they were built. */
final class BedrockJson {

	/** Schemas and arguments pass through, and {@code 1.10} has to stay that. */
	static final JsonMapper MAPPER = ReadyMapper
		.of(JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build());

	private BedrockJson() {
	}

	static ObjectNode object() {
		return MAPPER.createObjectNode();
	}

	/** An object with one member, the shape that all of Converse's unions have. */
	static ObjectNode object(String member, JsonNode value) {
		ObjectNode union = object();
		union.set(member, value);
		return union;
	}

	static ObjectNode text(String text) {
		return object().put("text", text);
	}

	/**
	 * Parses a document.
	 * @return the object, or {@code null} if it is anything else
	 */
	static @Nullable ObjectNode parseObject(byte[] json) {
		try {
			return (MAPPER.readTree(json) instanceof ObjectNode object) ? object : null;
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
			return (MAPPER.readTree(json) instanceof ObjectNode object) ? object : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/** A tree of maps, lists, strings, numbers and booleans. */
	static JsonNode tree(@Nullable Object plain) {
		return MAPPER.valueToTree(plain);
	}

	static byte[] bytes(JsonNode node) {
		return MAPPER.writeValueAsBytes(node);
	}

	static String string(JsonNode node) {
		return MAPPER.writeValueAsString(node);
	}

	/** A number of tokens or of a block; 0 where there is no such number. */
	static long count(JsonNode node) {
		// Anything else could be a decimal with a billion digits once it is expanded.
		return (node.isIntegralNumber() && node.canConvertToLong()) ? Math.max(0, node.longValue()) : 0;
	}

	static @Nullable String stringOrNull(JsonNode node) {
		return node.isString() ? node.stringValue() : null;
	}

	/** The string, or an empty one where there is none. */
	static String stringOrEmpty(JsonNode node) {
		return node.isString() ? node.stringValue() : "";
	}

}
