package dev.llmproxy.dialect.anthropic;

import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The content blocks that requests and answers have in common. */
final class AnthropicBlocks {

	static final String HOME = Dialect.ANTHROPIC.name();

	private AnthropicBlocks() {
	}

	static ObjectNode text(String text) {
		return AnthropicJson.object("text").put("text", text);
	}

	static ObjectNode thinking(String text, String signature) {
		return AnthropicJson.object("thinking").put("thinking", text).put("signature", signature);
	}

	static ObjectNode redacted(String data) {
		return AnthropicJson.object("redacted_thinking").put("data", data);
	}

	static ObjectNode toolUse(String id, String name, JsonNode input) {
		ObjectNode block = AnthropicJson.object("tool_use").put("id", id).put("name", name);
		block.set("input", input);
		return block;
	}

	/**
	 * Parses a call's arguments.
	 * @return {@code null} if they are not a JSON object
	 */
	static @Nullable ObjectNode input(Part.ToolCall call) {
		return call.arguments().isBlank() ? AnthropicJson.object() : AnthropicJson.parseObject(call.arguments());
	}

}
