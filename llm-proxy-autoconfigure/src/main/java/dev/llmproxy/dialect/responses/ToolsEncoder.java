package dev.llmproxy.dialect.responses;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Writes {@code tools} and {@code tool_choice}. */
final class ToolsEncoder {

	private ToolsEncoder() {
	}

	/**
	 * Writes the tools.
	 * @param home whether the request came in this dialect. Elsewhere a function without
	 * a word about strictness is not strict; here OpenAI would try to make it so.
	 */
	static ArrayNode tools(List<Tool> tools, boolean home, Dropped dropped) {
		ArrayNode encoded = ResponsesJson.array();
		for (int i = 0; i < tools.size(); i++) {
			Tool tool = tools.get(i);
			if (tool instanceof Tool.Function function) {
				encoded.add(function(function, home));
			}
			else if (tool instanceof Tool.Hosted hosted) {
				if (hosted.origin().equals(Seal.HOME)) {
					encoded.add(ResponsesJson.tree(hosted.definition()));
				}
				else {
					dropped.path("tools[" + i + "] (" + hosted.name() + ")");
				}
			}
		}
		return encoded;
	}

	private static ObjectNode function(Tool.Function function, boolean home) {
		ObjectNode node = ResponsesJson.object().put("type", "function").put("name", function.name());
		if (function.description() != null) {
			node.put("description", function.description());
		}
		if (function.parameters() != null) {
			node.set("parameters", ResponsesJson.tree(function.parameters()));
		}
		else {
			node.putObject("parameters").put("type", "object").putObject("properties");
		}
		if (function.strict() != null) {
			node.put("strict", function.strict());
		}
		else if (!home) {
			node.put("strict", false);
		}
		return node;
	}

	/** The choice for these tools; {@code null} if there is none to be made. */
	static @Nullable JsonNode choice(ChatRequest request, ArrayNode tools, Dropped dropped) {
		ToolChoice choice = request.toolChoice();
		if (choice == null) {
			return null;
		}
		boolean possible = switch (choice.mode()) {
			case AUTO, NONE -> true;
			case REQUIRED -> !tools.isEmpty();
			case NAMED -> has(tools, choice.name());
		};
		if (!possible) {
			dropped.path("tool_choice");
			return null;
		}
		return tools.isEmpty() ? null : choice(choice);
	}

	static JsonNode choice(ToolChoice choice) {
		return switch (choice.mode()) {
			case AUTO -> StringNode.valueOf("auto");
			case NONE -> StringNode.valueOf("none");
			case REQUIRED -> StringNode.valueOf("required");
			case NAMED -> ResponsesJson.object().put("type", "function").put("name", choice.name());
		};
	}

	private static boolean has(ArrayNode tools, @Nullable String name) {
		for (JsonNode tool : tools) {
			if (tool.path("name").asString("").equals(name)) {
				return true;
			}
		}
		return false;
	}

}
