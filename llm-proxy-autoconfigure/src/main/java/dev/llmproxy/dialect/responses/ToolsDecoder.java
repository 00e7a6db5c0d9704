package dev.llmproxy.dialect.responses;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/** Reads {@code tools} and {@code tool_choice}. */
final class ToolsDecoder {

	private static final Set<String> FUNCTION = Set.of("type", "name", "description", "parameters", "strict");

	private final ChatRequest.Builder builder;

	private List<Tool> tools = new ArrayList<>();

	ToolsDecoder(ChatRequest.Builder builder) {
		this.builder = builder;
	}

	void read(Fields request) {
		JsonNode tools = request.array("tools");
		for (int i = 0; i < tools.size(); i++) {
			this.tools.add(tool(Fields.of(tools.path(i), "tools[" + i + "]")));
		}
		choice(request);
		this.builder.tools(this.tools);
	}

	private Tool tool(Fields tool) {
		String type = tool.requiredString("type");
		if (!type.equals("function")) {
			return new Tool.Hosted(Dialect.RESPONSES.name(), type, ResponsesJson.plainObject(tool.object()));
		}
		tool.keepRest(FUNCTION, this.builder);
		Fields parameters = tool.object("parameters");
		return new Tool.Function(tool.requiredString("name"), tool.string("description"),
				(parameters != null) ? ResponsesJson.plainObject(parameters.object()) : null, tool.bool("strict"),
				null);
	}

	private void choice(Fields request) {
		JsonNode choice = request.get("tool_choice");
		if (choice.isMissingNode()) {
			return;
		}
		if (choice.isString()) {
			this.builder.toolChoice(mode(request, "tool_choice", choice.asString()));
			return;
		}
		Fields fields = request.object("tool_choice");
		if (fields == null) {
			return;
		}
		switch (fields.requiredString("type")) {
			case "function" -> this.builder.toolChoice(ToolChoice.named(fields.requiredString("name")));
			case "allowed_tools" -> allowed(fields);
			// One hosted tool: nothing that any other dialect could be told.
			default -> this.builder.rest("tool_choice", ResponsesJson.plain(choice));
		}
	}

	private static ToolChoice mode(Fields owner, String name, String mode) {
		return switch (mode) {
			case "auto" -> ToolChoice.AUTO;
			case "none" -> ToolChoice.NONE;
			case "required" -> ToolChoice.REQUIRED;
			default -> throw owner.mustBe(name, "none, auto, required or an object");
		};
	}

	/** To allow some tools is to have no others; it is but kinder to OpenAI's cache. */
	private void allowed(Fields choice) {
		JsonNode allowed = choice.array("tools");
		if (allowed.isEmpty()) {
			throw choice.mustBe("tools", "a list of tools");
		}
		String mode = choice.string("mode");
		this.builder.toolChoice((mode != null) ? mode(choice, "mode", mode) : ToolChoice.AUTO);
		this.tools = this.tools.stream().filter((tool) -> isAllowed(tool, allowed)).toList();
		if (this.tools.isEmpty()) {
			throw new InvalidRequestException("'tool_choice.tools' names none of the 'tools'.", choice.path("tools"));
		}
	}

	private static boolean isAllowed(Tool tool, JsonNode allowed) {
		for (JsonNode entry : allowed) {
			String type = entry.path("type").asString("");
			if (tool instanceof Tool.Hosted hosted) {
				if (type.equals(hosted.name()) && matches(entry, hosted, "name")
						&& matches(entry, hosted, "server_label")) {
					return true;
				}
			}
			else if (type.equals("function") && entry.path("name").asString("").equals(tool.name())) {
				return true;
			}
		}
		return false;
	}

	/** An entry may name one of several custom tools or servers. */
	private static boolean matches(JsonNode entry, Tool.Hosted tool, String name) {
		String wanted = ResponsesJson.text(entry.path(name));
		Object actual = tool.definition().get(name);
		return wanted == null || actual == null || wanted.equals(actual);
	}

}
