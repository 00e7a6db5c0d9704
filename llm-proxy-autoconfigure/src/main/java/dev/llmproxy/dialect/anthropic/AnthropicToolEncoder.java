package dev.llmproxy.dialect.anthropic;

import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.ClosedSchemas;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes {@code tools} and {@code tool_choice}. */
final class AnthropicToolEncoder {

	private static final String TOOL_CHOICE = "tool_choice";

	private final ChatRequest request;

	private final AnthropicModel model;

	private final boolean home;

	private final List<String> dropped;

	AnthropicToolEncoder(ChatRequest request, AnthropicModel model, boolean home, List<String> dropped) {
		this.request = request;
		this.model = model;
		this.home = home;
		this.dropped = dropped;
	}

	/**
	 * Writes both members.
	 * @param called the tools that occur in the conversation
	 * @param thinking whether the model is told to think, which excludes forcing a call
	 */
	void encode(ObjectNode body, List<String> called, boolean thinking) {
		ArrayNode tools = AnthropicJson.object().putArray("tools");
		for (int i = 0; i < this.request.tools().size(); i++) {
			ObjectNode tool = tool(this.request.tools().get(i), "tools[" + i + "]");
			if (tool != null) {
				tools.add(tool);
			}
		}
		if (!tools.isEmpty()) {
			body.set("tools", tools);
			choice(body, thinking);
			return;
		}
		ToolChoice choice = this.request.toolChoice();
		if (choice != null && choice.mode() != ToolChoice.Mode.AUTO && choice.mode() != ToolChoice.Mode.NONE) {
			this.dropped.add(TOOL_CHOICE);
		}
		if (!called.isEmpty() && !this.home) {
			mention(body, called);
		}
	}

	/** The API wants every tool of the conversation defined, even one that is history. */
	private static void mention(ObjectNode body, List<String> called) {
		ArrayNode tools = body.putArray("tools");
		for (String name : called) {
			ObjectNode tool = tools.addObject().put("name", name);
			tool.set("input_schema", AnthropicJson.object("object"));
		}
		body.set(TOOL_CHOICE, AnthropicJson.object("none"));
	}

	private @Nullable ObjectNode tool(Tool tool, String path) {
		if (tool instanceof Tool.Hosted hosted) {
			if (hosted.origin().equals(AnthropicBlocks.HOME)
					&& AnthropicJson.tree(hosted.definition()) instanceof ObjectNode definition) {
				return definition;
			}
			this.dropped.add(path + " (" + hosted.name() + ")");
			return null;
		}
		Tool.Function function = (Tool.Function) tool;
		ObjectNode json = AnthropicJson.object().put("name", function.name());
		if (function.description() != null) {
			json.put("description", function.description());
		}
		ObjectNode schema = schema(function);
		json.set("input_schema", schema);
		strict(function, json, schema, path);
		return AnthropicCacheControl.encode(json, function.cacheControl());
	}

	private ObjectNode schema(Tool.Function function) {
		ObjectNode schema = AnthropicJson.object("object");
		if (function.parameters() == null || !(AnthropicJson.tree(function.parameters()) instanceof ObjectNode given)) {
			return schema;
		}
		// Without the type it would be refused; with it first, equal bytes stay equal.
		return given.has("type") ? given : schema.setAll(given);
	}

	private void strict(Tool.Function function, ObjectNode json, ObjectNode schema, String path) {
		Boolean strict = function.strict();
		if (strict == null || (!strict && !this.home)) {
			return;
		}
		if (strict && !this.model.structured()) {
			this.dropped.add(path + ".strict");
			return;
		}
		if (strict && !this.home) {
			Set<String> lost = ClosedSchemas.fit(schema);
			if (!lost.isEmpty()) {
				this.dropped.add(path + ".parameters (" + String.join(", ", lost) + ")");
			}
		}
		json.put("strict", strict);
	}

	private void choice(ObjectNode body, boolean thinking) {
		ToolChoice choice = this.request.toolChoice();
		Boolean parallel = this.request.parallelToolCalls();
		if (choice == null && parallel == null) {
			return;
		}
		ToolChoice allowed = (choice != null) ? choice : ToolChoice.AUTO;
		boolean forced = allowed.mode() == ToolChoice.Mode.REQUIRED || allowed.mode() == ToolChoice.Mode.NAMED;
		if (forced && (thinking || !this.model.forcedTools())) {
			this.dropped.add(TOOL_CHOICE);
			allowed = ToolChoice.AUTO;
		}
		ObjectNode json = AnthropicJson.object(switch (allowed.mode()) {
			case AUTO -> "auto";
			case NONE -> "none";
			case REQUIRED -> "any";
			case NAMED -> "tool";
		});
		if (allowed.name() != null) {
			json.put("name", allowed.name());
		}
		if (parallel != null && allowed.mode() != ToolChoice.Mode.NONE) {
			json.put("disable_parallel_tool_use", !parallel);
		}
		body.set(TOOL_CHOICE, json);
	}

}
