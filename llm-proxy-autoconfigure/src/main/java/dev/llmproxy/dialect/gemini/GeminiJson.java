package dev.llmproxy.dialect.gemini;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as this dialect reads it. Its API takes the
 * <a href="https://protobuf.dev/programming-guides/json/">JSON form of protocol
 * buffers</a>: members are spelled in camel case or snake case, {@code null} is the same
 * as absent, whole numbers may be strings, and one element stands for a list of one.
 */
final class GeminiJson {

	/** Keeps decimals as they were written, for schemas and arguments. */
	static final JsonMapper MAPPER = ReadyMapper.of(JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.enable(JsonNodeFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build());

	private GeminiJson() {
	}

	static ObjectNode object() {
		return MAPPER.createObjectNode();
	}

	static byte[] bytes(JsonNode node) {
		return MAPPER.writeValueAsBytes(node);
	}

	static JsonNode parseRequest(byte[] body) {
		try {
			JsonNode root = MAPPER.readTree(body);
			if (root.isObject()) {
				return root;
			}
		}
		catch (JacksonException ex) {
			// Answered below: Jackson's message would quote the body.
		}
		throw new InvalidRequestException("The body must be a JSON object.", null);
	}

	/** The text as a JSON object, or {@code null} if it is anything else. */
	static @Nullable ObjectNode parseObject(String text) {
		int at = 0;
		while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
			at++;
		}
		// Most texts are prose: an exception for each would be expensive.
		if (at == text.length() || text.charAt(at) != '{') {
			return null;
		}
		try {
			return (MAPPER.readTree(text) instanceof ObjectNode object) ? object : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/**
	 * Visits the members that have a value, by their camel case names.
	 * @throws InvalidRequestException if one member is there in both spellings: a reader
	 * of one of them would not see what the provider sees
	 */
	static void members(JsonNode object, String path, BiConsumer<String, JsonNode> visitor) {
		if (!object.isObject()) {
			throw new InvalidRequestException("An object is expected here.", path);
		}
		Set<String> respelled = null;
		for (Map.Entry<String, JsonNode> member : object.properties()) {
			String name = camelCase(member.getKey());
			if (!name.equals(member.getKey())) {
				respelled = (respelled != null) ? respelled : new HashSet<>();
				if (object.has(name) || !respelled.add(name)) {
					throw new InvalidRequestException("This field is given twice.", join(path, member.getKey()));
				}
			}
			if (!member.getValue().isNull()) {
				visitor.accept(name, member.getValue());
			}
		}
	}

	/** A leading underscore stays: {@code _responseJsonSchema} is a field's name. */
	static String camelCase(String name) {
		if (name.indexOf('_', 1) < 0) {
			return name;
		}
		StringBuilder camel = new StringBuilder(name.length());
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			boolean joint = c == '_' && i > 0 && i + 1 < name.length();
			camel.append(joint ? Character.toUpperCase(name.charAt(++i)) : c);
		}
		return camel.toString();
	}

	/** A list; a lone object counts as a list of one, as it does for the API. */
	static List<JsonNode> items(JsonNode node, String path) {
		if (node.isObject()) {
			return List.of(node);
		}
		if (!node.isArray()) {
			throw new InvalidRequestException("An array is expected here.", path);
		}
		return List.copyOf(node.values());
	}

	static String text(JsonNode node, String path) {
		if (!node.isString()) {
			throw new InvalidRequestException("A string is expected here.", path);
		}
		return node.stringValue();
	}

	static boolean bool(JsonNode node, String path) {
		if (!node.isBoolean()) {
			throw new InvalidRequestException("A boolean is expected here.", path);
		}
		return node.booleanValue();
	}

	static double number(JsonNode node, String path) {
		return decimal(node, path, "A number is expected here.").doubleValue();
	}

	static int integer(JsonNode node, String path) {
		String rule = "A whole number of 32 bits is expected here.";
		try {
			return decimal(node, path, rule).intValueExact();
		}
		catch (ArithmeticException ex) {
			throw new InvalidRequestException(rule, path);
		}
	}

	private static BigDecimal decimal(JsonNode node, String path, String rule) {
		try {
			if (node.isNumber()) {
				return node.decimalValue();
			}
			if (node.isString() && node.stringValue().length() <= 32) {
				return new BigDecimal(node.stringValue());
			}
		}
		catch (NumberFormatException ex) {
			// Answered below.
		}
		throw new InvalidRequestException(rule, path);
	}

	static String join(String path, String name) {
		return path.isEmpty() ? name : path + "." + name;
	}

	/** As maps, lists and values of the JDK. */
	static @Nullable Object plain(JsonNode node) {
		if (node.isObject()) {
			return plainObject(node);
		}
		if (node.isArray()) {
			List<@Nullable Object> list = new ArrayList<>(node.size());
			node.values().forEach((item) -> list.add(plain(item)));
			return list;
		}
		if (node.isString()) {
			return node.stringValue();
		}
		if (node.isNumber()) {
			return node.numberValue();
		}
		return node.isBoolean() ? node.booleanValue() : null;
	}

	static Map<String, @Nullable Object> plainObject(JsonNode node) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		node.properties().forEach((member) -> map.put(member.getKey(), plain(member.getValue())));
		return map;
	}

	/** The inverse of {@link #plain}; maps keep their order. */
	static JsonNode tree(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			ObjectNode object = object();
			map.forEach((name, member) -> object.set(String.valueOf(name), tree(member)));
			return object;
		}
		if (value instanceof Iterable<?> list) {
			ArrayNode array = MAPPER.createArrayNode();
			list.forEach((item) -> array.add(tree(item)));
			return array;
		}
		return MAPPER.valueToTree(value);
	}

}
