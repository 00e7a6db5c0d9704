package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Short ways to read and write JSON trees. */
final class Json {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private Json() {
	}

	/** An object from alternating names and values, in this order. */
	static ObjectNode object(@Nullable Object... namesAndValues) {
		ObjectNode node = MAPPER.createObjectNode();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			node.set((String) namesAndValues[i], node(namesAndValues[i + 1]));
		}
		return node;
	}

	static ArrayNode array(@Nullable Object... values) {
		ArrayNode node = MAPPER.createArrayNode();
		for (Object value : values) {
			node.add(node(value));
		}
		return node;
	}

	static ArrayNode array(List<? extends @Nullable Object> values) {
		return array(values.toArray());
	}

	static JsonNode node(@Nullable Object value) {
		return (value instanceof JsonNode tree) ? tree : MAPPER.valueToTree(value);
	}

	/** Parses strictly: no duplicate keys, nothing after the value. */
	static JsonNode read(byte[] json) {
		return MAPPER.readTree(json);
	}

	static JsonNode read(String json) {
		return MAPPER.readTree(json);
	}

	static String write(JsonNode node) {
		return MAPPER.writeValueAsString(node);
	}

	static byte[] bytes(JsonNode node) {
		return write(node).getBytes(StandardCharsets.UTF_8);
	}

}
