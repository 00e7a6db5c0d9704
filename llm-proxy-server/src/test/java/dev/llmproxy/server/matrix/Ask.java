package dev.llmproxy.server.matrix;

import java.util.List;
import java.util.Map;

/**
 * What is asked, in no dialect; each caller says it in the words of its SDK.
 *
 * @param prompt the user's text
 * @param tools names of tools without parameters but a {@code city}
 * @param image whether a picture goes with the text
 * @param schema whether the answer shall be JSON of {@link #SCHEMA}
 * @param reasoning whether the model shall think
 */
record Ask(String prompt, List<String> tools, boolean image, boolean schema, boolean reasoning) {

	static final Map<String, Object> CITY = Map.of("type", "object", "properties",
			Map.of("city", Map.of("type", "string")), "required", List.of("city"), "additionalProperties", false);

	static final Map<String, Object> SCHEMA = Map.of("type", "object", "properties",
			Map.of("title", Map.of("type", "string"), "count", Map.of("type", "integer")), "required",
			List.of("title", "count"), "additionalProperties", false);

	static Ask text(String prompt) {
		return new Ask(prompt, List.of(), false, false, false);
	}

}
