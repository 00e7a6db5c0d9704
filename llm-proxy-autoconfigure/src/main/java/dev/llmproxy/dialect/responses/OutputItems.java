package dev.llmproxy.dialect.responses;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a model puts out, as items and as the content of its messages. */
final class OutputItems {

	private OutputItems() {
	}

	static ObjectNode text(String text) {
		ObjectNode part = ResponsesJson.object().put("type", "output_text").put("text", text);
		part.putArray("annotations");
		return part;
	}

	static ObjectNode refusal(String refusal) {
		return ResponsesJson.object().put("type", "refusal").put("refusal", refusal);
	}

	static ObjectNode summary(String text) {
		return ResponsesJson.object().put("type", "summary_text").put("text", text);
	}

	static ObjectNode message(String id, String status, ArrayNode content) {
		ObjectNode item = item("message", id).put("status", status).put("role", "assistant");
		item.set("content", content);
		return item;
	}

	/**
	 * A reasoning item.
	 * @param id {@code null} in a request
	 * @param summary one paragraph; empty for none
	 */
	static ObjectNode reasoning(@Nullable String id, String summary, @Nullable String encryptedContent) {
		ObjectNode item = item("reasoning", id);
		ArrayNode paragraphs = item.putArray("summary");
		if (!summary.isEmpty()) {
			paragraphs.add(summary(summary));
		}
		if (encryptedContent != null) {
			item.put("encrypted_content", encryptedContent);
		}
		return item;
	}

	/**
	 * A call of a function.
	 * @param id {@code null} in a request
	 */
	static ObjectNode call(@Nullable String id, String callId, String name, String arguments) {
		return item("function_call", id).put("call_id", callId)
			.put("name", name)
			.put("arguments", arguments.isBlank() ? "{}" : arguments);
	}

	static ObjectNode image(String id, String base64) {
		return item("image_generation_call", id).put("status", "completed").put("result", base64);
	}

	private static ObjectNode item(String type, @Nullable String id) {
		ObjectNode item = ResponsesJson.object();
		if (id != null) {
			item.put("id", id);
		}
		return item.put("type", type);
	}

}
