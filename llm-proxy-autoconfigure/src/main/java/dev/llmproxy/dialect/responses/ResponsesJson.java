package dev.llmproxy.dialect.responses;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as trees and as plain values; numbers keep their digits, objects their order.
 */
final class ResponsesJson {

	/**
	 * How long strings may be is the business of whoever bounds the body, which may be
	 * one picture almost entirely.
	 */
	private static final JsonMapper MAPPER = ReadyMapper.of(JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
			.build())
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build());

	private ResponsesJson() {
	}

	static ObjectNode object() {
		return MAPPER.createObjectNode();
	}

	static ArrayNode array() {
		return MAPPER.createArrayNode();
	}

	static byte[] write(JsonNode node) {
		return MAPPER.writeValueAsBytes(node);
	}

	/**
	 * Reads a provider's JSON.
	 * @throws JacksonException if it is none
	 */
	static JsonNode parse(byte[] json) {
		return MAPPER.readTree(json);
	}

	/** Reads a caller's JSON. */
	static JsonNode parseRequest(byte[] body) {
		try {
			return MAPPER.readTree(body);
		}
		catch (JacksonException ex) {
			throw new InvalidRequestException("The request is not valid JSON.", null);
		}
	}

	/** Reads a provider's JSON object. */
	static ObjectNode parseObject(byte[] json, String what) {
		try {
			if (MAPPER.readTree(json) instanceof ObjectNode object) {
				return object;
			}
		}
		catch (JacksonException ex) {
			// Told below, without the content.
		}
		throw new DecodingException(what + " that is not a JSON object");
	}

	/** Maps, lists, strings, numbers, booleans and {@code null}. */
	static @Nullable Object plain(JsonNode node) {
		return node.isNull() ? null : MAPPER.treeToValue(node, Object.class);
	}

	static Map<String, @Nullable Object> plainObject(JsonNode object) {
		Map<String, @Nullable Object> plain = new LinkedHashMap<>();
		object.properties().forEach((member) -> plain.put(member.getKey(), plain(member.getValue())));
		return plain;
	}

	/** The tree of what {@link #plain} made. */
	static JsonNode tree(@Nullable Object plain) {
		return MAPPER.valueToTree(plain);
	}

	/** The string, or {@code null} if the node is none or empty. */
	static @Nullable String text(JsonNode node) {
		String text = node.isString() ? node.asString() : "";
		return text.isEmpty() ? null : text;
	}

}
