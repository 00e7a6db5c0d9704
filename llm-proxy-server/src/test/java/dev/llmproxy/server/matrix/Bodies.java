package dev.llmproxy.server.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Small helps with JSON, in the Jackson that the SDKs use. */
final class Bodies {

	static final ObjectMapper JSON = new ObjectMapper();

	private Bodies() {
	}

	static Map<String, Object> map(Object... namesAndValues) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			map.put((String) namesAndValues[i], namesAndValues[i + 1]);
		}
		return map;
	}

	static List<Object> list(Object... values) {
		return new ArrayList<>(List.of(values));
	}

	static JsonNode tree(Object value) {
		return JSON.valueToTree(value);
	}

	/**
	 * Adds a delta to what came before it: texts are joined, objects merged, list
	 * elements merged by their {@code index}, or appended.
	 */
	static void merge(ObjectNode into, JsonNode delta) {
		delta.properties().forEach((field) -> {
			JsonNode before = into.get(field.getKey());
			JsonNode more = field.getValue();
			if (before == null || before.isNull() || more.isNumber()) {
				into.set(field.getKey(), more.deepCopy());
			}
			else if (before.isTextual() && more.isTextual() && !fixed(field.getKey())) {
				into.put(field.getKey(), before.asText() + more.asText());
			}
			else if (before instanceof ObjectNode object && more.isObject()) {
				merge(object, more);
			}
			else if (before instanceof ArrayNode array && more.isArray()) {
				more.forEach((element) -> mergeElement(array, element));
			}
		});
	}

	private static boolean fixed(String name) {
		return name.equals("role") || name.equals("type") || name.equals("id") || name.equals("format");
	}

	private static void mergeElement(ArrayNode array, JsonNode element) {
		for (JsonNode known : array) {
			if (element.has("index") && known.path("index").equals(element.path("index"))) {
				merge((ObjectNode) known, element);
				return;
			}
		}
		array.add(element.deepCopy());
	}

}
