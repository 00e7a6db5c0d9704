package dev.llmproxy.test;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

import dev.llmproxy.dialect.ReadyMapper;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One question and what was answered.
 *
 * @param request what is compared
 * @param response what is answered
 */
record Recording(JsonNode request, JsonNode response) {

	private static final int LONGEST = 120;

	static Recording read(JsonNode json) {
		return new Recording(json.path("request"), json.path("response"));
	}

	ObjectNode write() {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.set("request", this.request);
		json.set("response", this.response);
		return json;
	}

	/**
	 * Where another request is different, by path: what was recorded, and what is asked.
	 */
	Map<String, String> differences(JsonNode other) {
		Map<String, String> differences = new LinkedHashMap<>();
		compare("", this.request, other, differences);
		return differences;
	}

	private static void compare(String path, JsonNode recorded, JsonNode asked, Map<String, String> differences) {
		if (recorded.isObject() && asked.isObject()) {
			TreeSet<String> names = new TreeSet<>(recorded.propertyNames());
			names.addAll(asked.propertyNames());
			names.forEach((name) -> compare(path + "/" + name, recorded.path(name), asked.path(name), differences));
		}
		else if (recorded.isArray() && asked.isArray()) {
			for (int i = 0; i < Math.max(recorded.size(), asked.size()); i++) {
				compare(path + "/" + i, recorded.path(i), asked.path(i), differences);
			}
		}
		else if (!Objects.equals(recorded, asked)) {
			differences.put(path, "recorded " + shown(recorded) + ", asked " + shown(asked));
		}
	}

	private static String shown(JsonNode value) {
		if (value.isMissingNode()) {
			return "nothing";
		}
		String text = ReadyMapper.shared().writeValueAsString(value);
		return (text.length() > LONGEST) ? text.substring(0, LONGEST) + "…" : text;
	}

}
