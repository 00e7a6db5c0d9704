package dev.llmproxy.dialect.gemini;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.Dialect;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code tools} and {@code toolConfig}. */
final class GeminiToolEncoder {

	private GeminiToolEncoder() {
	}

	static void write(ChatRequest request, ObjectNode body, GeminiDropped dropped) {
		ArrayNode tools = GeminiJson.MAPPER.createArrayNode();
		ArrayNode declarations = null;
		List<Tool> asked = request.tools();
		for (int i = 0; i < asked.size(); i++) {
			Tool tool = asked.get(i);
			if (tool instanceof Tool.Function function) {
				if (declarations == null) {
					// The API takes functions of one tool object only.
					declarations = tools.addObject().putArray("functionDeclarations");
				}
				declarations.add(declaration(function));
				dropped.addIf(Boolean.TRUE.equals(function.strict()), "tools[" + i + "].strict");
			}
			else if (tool instanceof Tool.Hosted hosted && hosted.origin().equals(Dialect.GEMINI.name())) {
				tools.add(GeminiJson.tree(hosted.definition()));
			}
			else {
				dropped.add("tools[" + i + "] (" + tool.name() + ")");
			}
		}
		if (!tools.isEmpty()) {
			body.set("tools", tools);
		}
		choice(request, declarations != null, body, dropped);
		dropped.addIf(Boolean.FALSE.equals(request.parallelToolCalls()), "parallel_tool_calls");
	}

	private static ObjectNode declaration(Tool.Function function) {
		ObjectNode declaration = GeminiJson.object().put("name", function.name());
		if (function.description() != null) {
			declaration.put("description", function.description());
		}
		if (function.parameters() != null) {
			declaration.set("parametersJsonSchema", GeminiJson.tree(GeminiSchemas.forGemini(function.parameters())));
		}
		return declaration;
	}

	private static void choice(ChatRequest request, boolean functions, ObjectNode body, GeminiDropped dropped) {
		ToolChoice choice = request.toolChoice();
		if (choice == null) {
			return;
		}
		if (!functions) {
			// The API refuses a choice among none.
			dropped.addIf(choice.mode() == ToolChoice.Mode.REQUIRED || choice.mode() == ToolChoice.Mode.NAMED,
					"tool_choice");
			return;
		}
		ObjectNode config = body.putObject("toolConfig").putObject("functionCallingConfig");
		config.put("mode", mode(choice));
		String name = choice.name();
		if (name != null) {
			config.putArray("allowedFunctionNames").add(name);
		}
	}

	private static String mode(ToolChoice choice) {
		return switch (choice.mode()) {
			case AUTO -> "AUTO";
			case NONE -> "NONE";
			case REQUIRED, NAMED -> "ANY";
		};
	}

}
