package dev.llmproxy.dialect.anthropic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;

/** Reads {@code tools} and {@code tool_choice}. */
final class AnthropicToolDecoder {

	private static final String DISABLE_PARALLEL = "disable_parallel_tool_use";

	private AnthropicToolDecoder() {
	}

	static List<Tool> decode(RequestNode tools, Map<String, @Nullable Object> rest) {
		List<Tool> decoded = new ArrayList<>();
		if (tools.present()) {
			tools.elements().forEach((tool) -> decoded.add(decodeTool(tool, rest)));
		}
		return decoded;
	}

	private static Tool decodeTool(RequestNode tool, Map<String, @Nullable Object> rest) {
		String type = tool.object().get("type").stringOrNull();
		if (type != null && !type.equals("custom")) {
			return new Tool.Hosted(Dialect.ANTHROPIC.name(), type, AnthropicJson.plainObject(tool.json()));
		}
		tool.keepOthers(Set.of("type", "name", "description", "input_schema", "strict", AnthropicCacheControl.FIELD),
				rest);
		RequestNode schema = tool.get("input_schema");
		return new Tool.Function(tool.get("name").string(), tool.get("description").stringOrNull(),
				schema.present() ? AnthropicJson.plainObject(schema.object().json()) : null,
				tool.get("strict").booleanOrNull(), AnthropicCacheControl.decode(tool, rest));
	}

	static void decodeChoice(RequestNode choice, ChatRequest.Builder request, Map<String, @Nullable Object> rest) {
		if (!choice.present()) {
			return;
		}
		RequestNode type = choice.object().get("type");
		request.toolChoice(switch (type.string()) {
			case "auto" -> ToolChoice.AUTO;
			case "any" -> ToolChoice.REQUIRED;
			case "none" -> ToolChoice.NONE;
			case "tool" -> ToolChoice.named(choice.get("name").string());
			default -> throw type.invalid("must be one of auto, any, tool, none");
		});
		Boolean disabled = choice.get(DISABLE_PARALLEL).booleanOrNull();
		if (disabled != null) {
			request.parallelToolCalls(!disabled);
		}
		choice.keepOthers(Set.of("type", "name", DISABLE_PARALLEL), rest);
	}

}
