package dev.llmproxy.dialect.openai;

import java.util.HashSet;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.Dialect;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes tools and the rule for calling them. */
final class OpenAiToolEncoder {

	private final ChatRequest request;

	private final Set<String> dropped;

	/** Custom tools, which take any text instead of JSON. */
	private final Set<String> customNames = new HashSet<>();

	OpenAiToolEncoder(ChatRequest request, Set<String> dropped) {
		this.request = request;
		this.dropped = dropped;
		for (Tool tool : request.tools()) {
			if (tool instanceof Tool.Hosted hosted && isOwn(hosted) && hosted.name().equals("custom")) {
				this.customNames.add(OpenAiJson.tree(hosted.definition()).path("custom").path("name").asString(""));
			}
		}
	}

	private static boolean isOwn(Tool.Hosted tool) {
		return tool.origin().equals(Dialect.OPENAI.name());
	}

	Set<String> customNames() {
		return this.customNames;
	}

	void encode(ObjectNode body) {
		ArrayNode tools = OpenAiJson.MAPPER.createArrayNode();
		for (int i = 0; i < this.request.tools().size(); i++) {
			Tool tool = this.request.tools().get(i);
			if (tool instanceof Tool.Function function) {
				tools.add(function(function));
			}
			else if (tool instanceof Tool.Hosted hosted && isOwn(hosted)) {
				tools.add(OpenAiJson.tree(hosted.definition()));
			}
			else {
				this.dropped.add("tools[" + i + "] (" + tool.name() + ")");
			}
		}
		// Without tools OpenAI refuses rules for them.
		if (!tools.isEmpty()) {
			body.set("tools", tools);
			choice(body);
			if (this.request.parallelToolCalls() != null) {
				body.put("parallel_tool_calls", this.request.parallelToolCalls());
			}
		}
	}

	private static ObjectNode function(Tool.Function function) {
		ObjectNode tool = OpenAiJson.MAPPER.createObjectNode();
		ObjectNode definition = tool.put("type", "function").putObject("function");
		definition.put("name", function.name());
		if (function.description() != null) {
			definition.put("description", function.description());
		}
		if (function.parameters() != null) {
			definition.set("parameters", OpenAiJson.tree(function.parameters()));
		}
		if (function.strict() != null) {
			definition.put("strict", function.strict());
		}
		return tool;
	}

	private void choice(ObjectNode body) {
		ToolChoice choice = this.request.toolChoice();
		if (choice == null) {
			return;
		}
		switch (choice.mode()) {
			case AUTO -> body.put("tool_choice", "auto");
			case NONE -> body.put("tool_choice", "none");
			case REQUIRED -> body.put("tool_choice", "required");
			case NAMED -> named(body, String.valueOf(choice.name()));
		}
	}

	private void named(ObjectNode body, String name) {
		if (this.customNames.contains(name)) {
			body.putObject("tool_choice").put("type", "custom").putObject("custom").put("name", name);
		}
		else if (this.request.tools()
			.stream()
			.anyMatch((tool) -> tool instanceof Tool.Function function && function.name().equals(name))) {
			body.putObject("tool_choice").put("type", "function").putObject("function").put("name", name);
		}
		else {
			this.dropped.add("tool_choice");
		}
	}

}
