package dev.llmproxy.testkit.fake;

import java.util.List;

import dev.llmproxy.testkit.fake.Conversation.ToolChoice;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /v1/chat/completions}. The deprecated {@code functions} are not offered.
 * Reasoning shows as {@code reasoning_content}, as with the many that imitate this API.
 */
final class OpenAiChat {

	private final FakeState state;

	OpenAiChat(FakeState state) {
		this.state = state;
	}

	Reply answer(JsonNode body, @Nullable String deployment) {
		Fields request = Fields.of(body, Path.ROOT, new OpenAiWording());
		request.allow("messages", "model", "audio", "frequency_penalty", "logit_bias", "logprobs",
				"max_completion_tokens", "max_tokens", "metadata", "modalities", "moderation", "n",
				"parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_options",
				"prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier", "seed",
				"service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools",
				"top_logprobs", "top_p", "user", "verbosity", "web_search_options");
		String model = FakeOpenAi.model(request, deployment);
		ConversationDraft draft = new ConversationDraft(model);
		OpenAiMessages.read(request, draft);
		tools(request, draft);
		format(request, draft);
		limits(request, draft);
		draft.reasoning = OpenAiTools.reasons(request, "reasoning_effort", model);
		boolean stream = request.flag("stream");
		Fields options = request.optObject("stream_options");
		if (options != null && !stream) {
			throw OpenAiWording.error(null, options.path(),
					"The 'stream_options' parameter is only allowed when 'stream' is enabled.");
		}
		Integer choices = request.optInteger("n", 1, 128);
		boolean logprobs = logprobs(request);
		boolean usage = options != null && options.allow("include_usage", "include_obfuscation").flag("include_usage");
		boolean obfuscation = options == null || options.flag("include_obfuscation", true);
		FakeOpenAi.checkWindow(draft, this.state);
		Conversation conversation = draft.build(this.state);
		Answer answer = this.state.behaviour().answer(conversation);
		OpenAiChatRendering rendering = new OpenAiChatRendering(this.state, model, conversation, answer,
				(choices == null) ? 1 : choices, logprobs);
		return stream ? Reply.events(rendering.chunks(usage, obfuscation)) : Reply.json(200, rendering.whole());
	}

	private static void tools(Fields request, ConversationDraft draft) {
		for (Fields tool : request.has("tools") ? request.objects("tools", 1) : List.<Fields>of()) {
			tool.allow("type", "function");
			tool.oneOf("type", "function");
			Fields function = tool.object("function").allow("name", "description", "parameters", "strict");
			draft.tools.add(OpenAiTools.function(function, false));
		}
		ToolChoice choice = OpenAiTools.choice(request, draft);
		draft.toolChoice = (choice != null) ? choice : objectChoice(request, draft);
		if (request.has("parallel_tool_calls") && draft.tools.isEmpty()) {
			throw OpenAiWording.error(null, request.at("parallel_tool_calls"), "Invalid value for "
					+ "'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.");
		}
		draft.parallel = request.flag("parallel_tool_calls", true);
	}

	private static ToolChoice objectChoice(Fields request, ConversationDraft draft) {
		Fields choice = request.object("tool_choice");
		if (choice.oneOf("type", "function", "allowed_tools").equals("function")) {
			choice.allow("type", "function");
			return OpenAiTools.named(request, draft, choice.object("function").allow("name").text("name"));
		}
		Fields allowed = choice.allow("type", "allowed_tools").object("allowed_tools").allow("mode", "tools");
		List<String> names = allowed.objects("tools", 1)
			.stream()
			.map((tool) -> tool.allow("type", "function").object("function").allow("name").text("name"))
			.toList();
		names.forEach((name) -> OpenAiTools.named(request, draft, name));
		draft.tools.removeIf((tool) -> !names.contains(tool.name()));
		return allowed.oneOf("mode", "auto", "required").equals("auto") ? ToolChoice.AUTO : ToolChoice.REQUIRED;
	}

	private static void format(Fields request, ConversationDraft draft) {
		Fields format = request.optObject("response_format");
		if (format == null) {
			return;
		}
		switch (format.oneOf("type", "text", "json_object", "json_schema")) {
			case "json_object" -> {
				format.allow("type");
				OpenAiTools.checkJsonIsMentioned(draft, format.path(), "messages");
				draft.json = true;
			}
			case "json_schema" -> {
				Fields schema = format.allow("type", "json_schema").object("json_schema");
				draft.schema = OpenAiTools.answerSchema(schema.allow("name", "description", "schema", "strict"));
			}
			default -> format.allow("type");
		}
	}

	private static void limits(Fields request, ConversationDraft draft) {
		OpenAiTools.checkSampling(request, draft.model, "none".equals(request.optText("reasoning_effort")));
		request.optNumber("frequency_penalty", -2, 2);
		request.optNumber("presence_penalty", -2, 2);
		request.optInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE);
		request.optText("user");
		request.optOneOf("verbosity", "low", "medium", "high");
		request.optOneOf("service_tier", "auto", "default", "flex", "scale", "priority", "fast");
		Integer older = request.optInteger("max_tokens", 1, Integer.MAX_VALUE);
		Integer newer = request.optInteger("max_completion_tokens", 1, Integer.MAX_VALUE);
		if (older != null && newer != null) {
			throw OpenAiWording.error(null, request.at("max_tokens"),
					"Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
		}
		if (older != null && OpenAiTools.isReasoningModel(draft.model)) {
			throw OpenAiWording.error("unsupported_parameter", request.at("max_tokens"), "Unsupported parameter: "
					+ "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.");
		}
		draft.maxTokens = (newer != null) ? newer : older;
		JsonNode stop = request.get("stop");
		draft.stopSequences = (stop != null && stop.isString()) ? List.of(stop.asString())
				: request.optTexts("stop", 4);
	}

	private static boolean logprobs(Fields request) {
		boolean logprobs = request.flag("logprobs");
		if (request.optInteger("top_logprobs", 0, 20) != null && !logprobs) {
			throw OpenAiWording.error(null, request.at("top_logprobs"),
					"The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.");
		}
		return logprobs;
	}

}
