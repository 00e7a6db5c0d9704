package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.ToolChoice;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/responses}: create, count, retrieve and delete. */
final class OpenAiResponses {

	private static final Set<String> HOSTED_TOOLS = Set.of("web_search", "web_search_preview", "file_search",
			"code_interpreter", "image_generation", "mcp", "custom", "local_shell", "shell", "apply_patch",
			"computer_use_preview");

	private final FakeState state;

	OpenAiResponses(FakeState state) {
		this.state = state;
	}

	Reply create(JsonNode body) {
		Fields request = Fields.of(body, Path.ROOT, new OpenAiWording());
		checkMoved(request, "messages", "input");
		checkMoved(request, "response_format", "text.format");
		checkMoved(request, "max_tokens", "max_output_tokens");
		checkMoved(request, "max_completion_tokens", "max_output_tokens");
		checkMoved(request, "reasoning_effort", "reasoning.effort");
		request.allow("background", "context_management", "conversation", "include", "input", "instructions",
				"max_output_tokens", "max_tool_calls", "metadata", "model", "moderation", "parallel_tool_calls",
				"previous_response_id", "prompt", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention",
				"reasoning", "safety_identifier", "service_tier", "store", "stream", "stream_options", "temperature",
				"text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user");
		ConversationDraft draft = new ConversationDraft(FakeOpenAi.model(request, null));
		boolean store = request.flag("store", true);
		String instructions = request.optText("instructions");
		if (instructions != null) {
			draft.system.add(instructions);
		}
		ArrayNode earlier = earlierItems(request);
		ArrayNode items = input(request, earlier, draft, store);
		tools(request, draft);
		format(request, draft);
		boolean summary = reasoning(request, draft);
		OpenAiTools.checkSampling(request, draft.model,
				"none".equals(request.node().at("/reasoning/effort").asString("")));
		request.optOneOf("truncation", "auto", "disabled");
		request.optOneOf("service_tier", "auto", "default", "flex", "scale", "priority", "fast");
		draft.maxTokens = request.optInteger("max_output_tokens", 16, Integer.MAX_VALUE);
		boolean encrypted = request.optTexts("include", 16).contains("reasoning.encrypted_content");
		Fields options = request.optObject("stream_options");
		boolean obfuscation = options == null || options.allow("include_obfuscation").flag("include_obfuscation", true);
		FakeOpenAi.checkWindow(draft, this.state);
		Conversation conversation = draft.build(this.state);
		Answer answer = this.state.behaviour().answer(conversation);
		OpenAiResponsesRendering rendering = new OpenAiResponsesRendering(this.state, request.node(), conversation,
				answer, summary, encrypted);
		ObjectNode whole = rendering.whole();
		if (store) {
			store(whole, items);
		}
		return request.flag("stream") ? Reply.events(rendering.events(obfuscation)) : Reply.json(200, whole);
	}

	Reply count(JsonNode body) {
		Fields request = Fields.of(body, Path.ROOT, new OpenAiWording())
			.allow("conversation", "input", "instructions", "model", "parallel_tool_calls", "previous_response_id",
					"reasoning", "text", "tool_choice", "tools", "truncation");
		ConversationDraft draft = new ConversationDraft(FakeOpenAi.model(request, null));
		String instructions = request.optText("instructions");
		if (instructions != null) {
			draft.system.add(instructions);
		}
		input(request, earlierItems(request), draft, true);
		tools(request, draft);
		format(request, draft);
		return Reply.json(200, Json.object("object", "response.input_tokens", "input_tokens", draft.inputTokens()));
	}

	private static void checkMoved(Fields request, String name, String to) {
		if (request.has(name)) {
			throw OpenAiWording.error("unsupported_parameter", request.at(name), "Unsupported parameter: '" + name
					+ "'. In the Responses API, this parameter has moved to '" + to + "'.");
		}
	}

	/** Everything up to and including the previous response. */
	private ArrayNode earlierItems(Fields request) {
		String previous = request.optText("previous_response_id");
		if (previous == null) {
			return Json.array();
		}
		JsonNode items = this.state.stored().get(previous + "#items");
		if (items == null) {
			throw OpenAiWording.error("previous_response_not_found", request.at("previous_response_id"),
					"Previous response with id '" + previous + "' not found.");
		}
		return (ArrayNode) items.deepCopy();
	}

	/** Reads the input and returns all items, the earlier ones included. */
	private ArrayNode input(Fields request, ArrayNode earlier, ConversationDraft draft, boolean store) {
		JsonNode input = request.require("input");
		Fields before = Fields.of(Json.object("input", earlier), Path.ROOT, new OpenAiWording());
		if (input.isString()) {
			OpenAiInput.read(before.optObjects("input"), List.of(), this.state, draft, store);
			draft.turn(Role.USER).texts.add(input.asString());
			earlier.add(Json.object("role", "user", "content", input));
		}
		else if (input.isArray()) {
			OpenAiInput.read(before.optObjects("input"), request.objects("input", 1), this.state, draft, store);
			input.forEach(earlier::add);
		}
		else {
			throw request.wrongType("input", Wording.Kind.STRING);
		}
		return earlier;
	}

	private void store(ObjectNode whole, ArrayNode items) {
		for (JsonNode item : whole.get("output")) {
			items.add(item);
			this.state.stored().put(item.get("id").asString(), item);
		}
		String id = whole.get("id").asString();
		this.state.stored().put(id, whole);
		this.state.stored().put(id + "#items", items);
	}

	private static void tools(Fields request, ConversationDraft draft) {
		for (Fields tool : request.optObjects("tools")) {
			String type = tool.text("type");
			if (type.equals("function")) {
				tool.text("name");
				tool.allow("type", "name", "description", "parameters", "strict", "defer_loading", "allowed_callers",
						"output_schema", "async");
				draft.tools.add(OpenAiTools.function(tool, false));
			}
			else if (!HOSTED_TOOLS.contains(type)) {
				List<String> known = new ArrayList<>(List.of("function"));
				HOSTED_TOOLS.stream().sorted().forEach(known::add);
				throw new OpenAiWording().value(tool.at("type"), type, known);
			}
		}
		ToolChoice choice = OpenAiTools.choice(request, draft);
		draft.toolChoice = (choice != null) ? choice : objectChoice(request, draft);
		draft.parallel = request.flag("parallel_tool_calls", true);
	}

	private static ToolChoice objectChoice(Fields request, ConversationDraft draft) {
		Fields choice = request.object("tool_choice");
		String type = choice.text("type");
		if (type.equals("function")) {
			return OpenAiTools.named(request, draft, choice.allow("type", "name").text("name"));
		}
		if (!type.equals("allowed_tools")) {
			return ToolChoice.AUTO;
		}
		List<String> names = choice.allow("type", "mode", "tools")
			.objects("tools", 1)
			.stream()
			.map((tool) -> tool.text("name"))
			.toList();
		names.forEach((name) -> OpenAiTools.named(request, draft, name));
		draft.tools.removeIf((tool) -> !names.contains(tool.name()));
		return choice.oneOf("mode", "auto", "required").equals("auto") ? ToolChoice.AUTO : ToolChoice.REQUIRED;
	}

	private static void format(Fields request, ConversationDraft draft) {
		Fields text = request.optObject("text");
		Fields format = (text == null) ? null : text.allow("format", "verbosity").optObject("format");
		if (text != null) {
			text.optOneOf("verbosity", "low", "medium", "high");
		}
		if (format == null) {
			return;
		}
		switch (format.oneOf("type", "text", "json_object", "json_schema")) {
			case "json_object" -> {
				format.allow("type");
				OpenAiTools.checkJsonIsMentioned(draft, format.path(), "input");
				draft.json = true;
			}
			case "json_schema" -> draft.schema = OpenAiTools
				.answerSchema(format.allow("type", "name", "description", "schema", "strict"));
			default -> format.allow("type");
		}
	}

	/** Whether the caller wants a summary of what the model thinks. */
	private static boolean reasoning(Fields request, ConversationDraft draft) {
		Fields reasoning = request.optObject("reasoning");
		if (reasoning == null) {
			return false;
		}
		reasoning.allow("effort", "summary", "generate_summary", "context", "mode");
		String summary = reasoning.optOneOf("summary", "auto", "concise", "detailed");
		draft.reasoning = OpenAiTools.reasons(reasoning, "effort", draft.model) || summary != null;
		return summary != null;
	}

	@Nullable JsonNode stored(String id) {
		return id.startsWith("resp_") ? this.state.stored().get(id) : null;
	}

	boolean delete(String id) {
		this.state.stored().remove(id + "#items");
		return this.state.stored().remove(id) != null;
	}

}
