package dev.llmproxy.dialect.openai;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.dialect.DecodingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as trees and as plain Java values; numbers keep all their digits. */
final class OpenAiJson {

	static final JsonMapper MAPPER = ReadyMapper
		.of(JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build());

	private static final TypeReference<LinkedHashMap<String, @Nullable Object>> MAP = new TypeReference<>() {
	};

	private OpenAiJson() {
	}

	/**
	 * Reads what a provider sent.
	 * @param what what it should be, for the message
	 * @throws DecodingException if it is not a JSON object
	 */
	static JsonNode read(byte[] json, String what) {
		return read(MAPPER, json, what);
	}

	/**
	 * The same for what is full of numbers that need no more digits than a double has.
	 */
	static JsonNode readNumbers(byte[] json, String what) {
		return read(ReadyMapper.shared(), json, what);
	}

	private static JsonNode read(JsonMapper mapper, byte[] json, String what) {
		try {
			JsonNode root = mapper.readTree(json);
			if (root.isObject()) {
				return root;
			}
		}
		catch (JacksonException ex) {
			// Its message quotes the content.
		}
		throw new DecodingException(what + " that is not a JSON object");
	}

	static byte[] bytes(JsonNode node) {
		return MAPPER.writeValueAsBytes(node);
	}

	/** The value as JSON text without white space. */
	static String text(JsonNode node) {
		return MAPPER.writeValueAsString(node);
	}

	/** The value as maps, lists, strings, numbers, booleans and {@code null}. */
	static @Nullable Object plain(JsonNode node) {
		return MAPPER.treeToValue(node, Object.class);
	}

	/** The object as a map in the order of its members. */
	static Map<String, @Nullable Object> map(JsonNode object) {
		return MAPPER.treeToValue(object, MAP);
	}

	static JsonNode tree(@Nullable Object plain) {
		return MAPPER.valueToTree(plain);
	}

	/** The string, or {@code null} where there is another thing, nothing or no text. */
	static @Nullable String nonEmpty(JsonNode node) {
		return (node.isString() && !node.asString().isEmpty()) ? node.asString() : null;
	}

	/** Whether a member says nothing: absent, {@code null}, or an empty container. */
	static boolean saysNothing(JsonNode node) {
		return node.isMissingNode() || node.isNull() || (node.isContainer() && node.isEmpty());
	}

}
