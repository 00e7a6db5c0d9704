package dev.llmproxy.dialect.responses;

import dev.llmproxy.chat.ResponseFormat;
import tools.jackson.databind.node.ObjectNode;

/** The {@code format} of {@code text}, in requests and in the echo of answers. */
final class TextConfig {

	private TextConfig() {
	}

	static ObjectNode format(ResponseFormat format) {
		ObjectNode node = ResponsesJson.object();
		if (format instanceof ResponseFormat.JsonSchema schema) {
			node.put("type", "json_schema").put("name", schema.name());
			if (schema.description() != null) {
				node.put("description", schema.description());
			}
			node.set("schema", ResponsesJson.tree(schema.schema()));
			if (schema.strict() != null) {
				node.put("strict", schema.strict());
			}
			return node;
		}
		return node.put("type", (format instanceof ResponseFormat.JsonObject) ? "json_object" : "text");
	}

}
