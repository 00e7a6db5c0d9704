package dev.llmproxy.testkit.fake;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.Tool;
import dev.llmproxy.testkit.fake.Conversation.ToolChoice;
import dev.llmproxy.testkit.fake.ConversationDraft.TurnDraft;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the body of {@code /v1/messages} and {@code /v1/messages/count_tokens}. */
final class AnthropicRequest {

	/**
	 * As in {@code web_search_20250305}: tools of the provider's own, with their version.
	 */
	private static final Pattern SERVER_TOOL = Pattern.compile("[a-z][a-z0-9_]*_\\d{8}");

	private static final int MOST_OUTPUT = 128_000;

	/** The version that knows no sampling parameters any more. */
	static final String NEWEST_VERSION = "2026-10-21";

	private final Fields request;

	private final boolean newest;

	private final ConversationDraft draft;

	private final ClaudeModel model;

	private final AnthropicBlocks blocks = new AnthropicBlocks();

	/** Whether the text of the model's thoughts stays hidden. */
	private boolean thoughtsOmitted;

	AnthropicRequest(JsonNode body, String version, boolean beta) {
		this.newest = version.equals(NEWEST_VERSION);
		this.request = Fields.of(body, Path.ROOT, new AnthropicWording());
		this.draft = new ConversationDraft(model(this.request));
		this.model = ClaudeModel.of(this.draft.model);
		if (!beta) {
			for (String name : List.of("context_management", "mcp_servers", "output_format")) {
				if (this.request.has(name)) {
					throw new AnthropicWording().unknown(this.request.at(name));
				}
			}
		}
	}

	private static String model(Fields request) {
		String model = request.text("model");
		if (model.equals(FakeOpenAi.NO_SUCH_MODEL)) {
			throw new RejectedRequest(404, "not_found_error", null, null, "model: " + model);
		}
		return model;
	}

	ConversationDraft forMessages() {
		this.request.allow("model", "messages", "max_tokens", "system", "metadata", "stop_sequences", "stream",
				"temperature", "top_p", "top_k", "tools", "tool_choice", "thinking", "service_tier", "cache_control",
				"output_config", "container", "inference_geo", "speed", "context_management", "mcp_servers",
				"output_format");
		for (String name : this.newest ? List.of("temperature", "top_p", "top_k") : List.<String>of()) {
			if (this.request.has(name)) {
				throw new AnthropicWording().unknown(this.request.at(name));
			}
		}
		this.request.require("max_tokens");
		Integer most = this.request.optInteger("max_tokens", 1, Integer.MAX_VALUE);
		if (most != null && most > MOST_OUTPUT) {
			throw AnthropicWording.error("max_tokens: " + most + " > " + MOST_OUTPUT
					+ ", which is the maximum allowed number of output tokens for " + this.draft.model);
		}
		this.draft.maxTokens = most;
		boolean budget = read();
		sampling(budget);
		stops();
		Fields metadata = this.request.optObject("metadata");
		if (metadata != null) {
			metadata.allow("user_id").optText("user_id");
		}
		this.request.optOneOf("service_tier", "auto", "standard_only");
		return this.draft;
	}

	ConversationDraft forCounting() {
		this.request.allow("model", "messages", "system", "tools", "tool_choice", "thinking", "cache_control",
				"output_config", "speed", "context_management", "mcp_servers", "output_format");
		read();
		return this.draft;
	}

	boolean streams() {
		return this.request.flag("stream");
	}

	boolean omitsThoughts() {
		return this.thoughtsOmitted;
	}

	/**
	 * Whether the thoughts come encrypted only; by a word of the user, as there is no way
	 * to ask for it.
	 */
	boolean redactsThoughts(Conversation conversation) {
		return conversation.lastUserText().contains("redacted");
	}

	/** Reads what both endpoints have; returns whether thinking with a budget is on. */
	private boolean read() {
		tools();
		system();
		boolean budget = thinking();
		AnthropicMessages.read(this.request, this.draft, this.blocks, budget, this.newest);
		Fields control = this.request.optObject("cache_control");
		if (control != null) {
			control.allow("type", "ttl").oneOf("type", "ephemeral");
			this.blocks.markAll();
		}
		this.draft.cachePrefix = this.blocks.cachePrefix();
		choice(budget);
		output();
		return budget;
	}

	private void tools() {
		Set<String> names = new HashSet<>();
		for (Fields tool : this.request.optObjects("tools")) {
			String type = tool.optText("type");
			if (type != null && SERVER_TOOL.matcher(type).matches()) {
				this.blocks.note(tool);
				continue;
			}
			Fields custom = Fields.of(tool.node(), tool.path().field("custom"), new AnthropicWording());
			custom.allow("type", "name", "description", "input_schema", "cache_control", "strict", "defer_loading",
					"allowed_callers", "eager_input_streaming", "input_examples");
			custom.optOneOf("type", "custom");
			String name = custom.text("name");
			if (!name.matches("[a-zA-Z0-9_-]{1,128}")) {
				throw custom.invalid("name", "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
			}
			if (!names.add(name)) {
				throw AnthropicWording.error("tools: Tool names must be unique.");
			}
			custom.optText("description");
			Fields schema = custom.object("input_schema");
			schema.oneOf("type", "object");
			if (schema.has("oneOf") || schema.has("allOf") || schema.has("anyOf")) {
				throw custom.invalid("input_schema",
						"input_schema does not support oneOf, allOf, or anyOf at the top level");
			}
			checkStrict(custom.flag("strict") ? schema : null);
			this.blocks.note(custom);
			this.draft.tools.add(new Tool(name, schema.node()));
		}
	}

	private static void checkStrict(@Nullable Fields schema) {
		String complaint = (schema == null) ? null : StrictSchema.complaint(schema.node(), false);
		if (schema != null && complaint != null) {
			throw AnthropicWording.error(schema.path().dots() + ": " + complaint);
		}
	}

	private void system() {
		if (!this.request.has("system")) {
			return;
		}
		TurnDraft texts = new ConversationDraft("").turn(Role.USER);
		this.blocks.content(this.request, "system", texts, "text").forEach((block) -> this.blocks.text(block, texts));
		this.draft.system.addAll(texts.texts);
	}

	private boolean thinking() {
		Fields thinking = this.request.optObject("thinking");
		if (thinking == null) {
			this.draft.reasoning = this.model.thinksByDefault();
			this.thoughtsOmitted = this.draft.reasoning;
			return false;
		}
		String type = thinking.oneOf("type", "enabled", "adaptive", "disabled");
		this.draft.reasoning = !type.equals("disabled");
		String display = this.draft.reasoning ? thinking.optOneOf("display", "summarized", "omitted") : null;
		this.thoughtsOmitted = (display == null) ? this.model.thinksByDefault() : display.equals("omitted");
		switch (type) {
			case "enabled" -> {
				if (this.model.isAdaptiveOnly()) {
					throw AnthropicWording.error("\"thinking.type.enabled\" is not supported for this model. Use "
							+ "\"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.");
				}
				Fields enabled = Fields.of(thinking.node(), thinking.at("enabled"), new AnthropicWording());
				enabled.allow("type", "budget_tokens", "display").require("budget_tokens");
				Integer budget = enabled.optInteger("budget_tokens", 1024, Integer.MAX_VALUE);
				Integer most = this.draft.maxTokens;
				if (budget != null && most != null && budget >= most) {
					throw AnthropicWording.error("`max_tokens` must be greater than `thinking.budget_tokens`.");
				}
			}
			case "adaptive" -> {
				thinking.allow("type", "display");
				if (!this.model.knowsAdaptiveThinking()) {
					throw AnthropicWording.error("adaptive thinking is not supported on this model");
				}
			}
			default -> thinking.allow("type");
		}
		return type.equals("enabled");
	}

	private void choice(boolean budget) {
		Fields choice = this.request.optObject("tool_choice");
		if (choice == null) {
			return;
		}
		if (!this.request.has("tools")) {
			throw AnthropicWording.error("tool_choice may only be specified while providing tools.");
		}
		String type = choice.oneOf("type", "auto", "any", "tool", "none");
		switch (type) {
			case "tool" -> {
				String name = choice.allow("type", "name", "disable_parallel_tool_use").text("name");
				if (!this.draft.offers(name)) {
					throw AnthropicWording.error("Tool '" + name + "' not found in provided tools");
				}
				this.draft.toolChoice = new ToolChoice(ToolChoice.Mode.REQUIRED, name);
			}
			case "none" -> {
				choice.allow("type");
				this.draft.toolChoice = ToolChoice.NONE;
			}
			default -> {
				choice.allow("type", "disable_parallel_tool_use");
				this.draft.toolChoice = type.equals("any") ? ToolChoice.REQUIRED : ToolChoice.AUTO;
			}
		}
		this.draft.parallel = !choice.flag("disable_parallel_tool_use");
		if (budget && this.draft.toolChoice.mode() == ToolChoice.Mode.REQUIRED) {
			throw AnthropicWording.error("Thinking may not be enabled when tool_choice forces tool use.");
		}
	}

	private void output() {
		Fields config = this.request.optObject("output_config");
		Fields format = this.request.optObject("output_format");
		if (config != null) {
			config.allow("effort", "format").optOneOf("effort", "low", "medium", "high", "xhigh", "max");
			format = config.optObject("format");
		}
		if (format != null) {
			format.allow("type", "schema").oneOf("type", "json_schema");
			Fields schema = format.object("schema");
			checkStrict(schema);
			this.draft.schema = schema.node();
		}
	}

	private void sampling(boolean budget) {
		Double temperature = this.request.optNumber("temperature", 0, 1);
		Double topP = this.request.optNumber("top_p", 0, 1);
		Integer topK = this.request.optInteger("top_k", 0, Integer.MAX_VALUE);
		if (this.model.isAdaptiveOnly()) {
			for (String name : List.of("temperature", "top_p", "top_k")) {
				if (this.request.has(name)) {
					throw AnthropicWording.error("`" + name + "` is deprecated for this model.");
				}
			}
		}
		if (temperature != null && topP != null && !this.model.allowsTemperatureWithTopP()) {
			throw AnthropicWording
				.error("`temperature` and `top_p` cannot both be specified for this model. Please " + "use only one.");
		}
		if (!budget) {
			return;
		}
		if (temperature != null && temperature != 1) {
			throw AnthropicWording.error("`temperature` may only be set to 1 when thinking is enabled.");
		}
		if (topK != null) {
			throw AnthropicWording.error("`top_k` must be unset when thinking is enabled.");
		}
		if (topP != null && topP < 0.95) {
			throw AnthropicWording
				.error("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.");
		}
	}

	private void stops() {
		this.draft.stopSequences = this.request.optTexts("stop_sequences", 8191);
		if (this.draft.stopSequences.stream().anyMatch(String::isBlank)) {
			throw AnthropicWording.error("stop_sequences: each stop sequence must contain non-whitespace");
		}
	}

}
