package dev.llmproxy.testkit.fake;

import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.fake.Conversation.Tool;
import dev.llmproxy.testkit.fake.Conversation.ToolChoice;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the body of Converse and ConverseStream. */
final class BedrockRequest {

	private final Fields request;

	private final ConversationDraft draft;

	private final boolean stream;

	private final BedrockContent content = new BedrockContent();

	private BedrockRequest(JsonNode body, String model, boolean stream) {
		this.request = Fields.of(body, Path.ROOT, new BedrockWording());
		this.draft = new ConversationDraft(model);
		this.stream = stream;
	}

	static ConversationDraft read(JsonNode body, String model, boolean stream) {
		BedrockRequest reader = new BedrockRequest(body, model, stream);
		reader.read();
		return reader.draft;
	}

	private void read() {
		this.request.allow("messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig",
				"additionalModelRequestFields", "promptVariables", "additionalModelResponseFieldPaths",
				"requestMetadata", "performanceConfig", "serviceTier", "outputConfig");
		Fields tools = this.request.optObject("toolConfig");
		if (tools != null) {
			tools(tools.allow("tools", "toolChoice"));
		}
		system();
		if (BedrockMessages.read(this.request, this.draft, this.content) && tools == null) {
			throw BedrockWording
				.error("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
		}
		this.draft.cachePrefix = this.content.cachePrefix();
		Double temperature = inference();
		additional(temperature);
		output();
		small();
	}

	private void tools(Fields config) {
		for (Fields tool : config.objects("tools", 1)) {
			String member = BedrockContent.member(tool, "Tool", "toolSpec", "systemTool", "cachePoint");
			if (member.equals("cachePoint")) {
				this.content.cachePoint(tool);
			}
			else if (member.equals("toolSpec")) {
				this.content.note(tool);
				spec(tool.object("toolSpec").allow("name", "description", "inputSchema", "strict"));
			}
		}
		Fields choice = config.optObject("toolChoice");
		if (choice == null) {
			return;
		}
		String member = BedrockContent.member(choice, "ToolChoice", "auto", "any", "tool");
		if (member.equals("tool")) {
			String name = choice.object("tool").allow("name").text("name");
			if (!this.draft.offers(name)) {
				throw BedrockWording
					.error("The value at toolConfig.toolChoice.tool.name is not the name of a tool in toolConfig.");
			}
			this.draft.toolChoice = new ToolChoice(ToolChoice.Mode.REQUIRED, name);
		}
		else {
			choice.object(member).allow();
			this.draft.toolChoice = member.equals("any") ? ToolChoice.REQUIRED : ToolChoice.AUTO;
		}
	}

	private void spec(Fields spec) {
		String name = spec.text("name");
		if (!name.matches("[a-zA-Z0-9_-]{1,64}")) {
			throw BedrockWording.pattern(spec.at("name"), name, "[a-zA-Z0-9_-]+");
		}
		if ("".equals(spec.optText("description"))) {
			throw new BedrockWording().tooFew(spec.at("description"), 1, 0);
		}
		if (this.draft.offers(name)) {
			throw BedrockWording.error("The toolConfig contains multiple tools with the name " + name + ".");
		}
		Fields schema = spec.object("inputSchema").allow("json").object("json");
		if (!"object".equals(schema.optText("type"))) {
			throw BedrockWording
				.error("The value at " + schema.at("type").dots() + " must be one of the following: object.");
		}
		if (spec.flag("strict")) {
			checkSchema(schema.path().dots(), schema.node());
		}
		this.draft.tools.add(new Tool(name, schema.node()));
	}

	private static void checkSchema(String where, JsonNode schema) {
		String complaint = StrictSchema.complaint(schema, false);
		if (complaint != null) {
			throw BedrockWording.error("The schema at " + where + " is not supported: " + complaint);
		}
	}

	private void system() {
		for (Fields block : this.request.optObjects("system")) {
			String member = BedrockContent.member(block, "SystemContentBlock", "text", "guardContent", "cachePoint");
			if (member.equals("cachePoint")) {
				this.content.cachePoint(block);
				continue;
			}
			ConversationDraft.TurnDraft texts = new ConversationDraft("").turn(Conversation.Role.USER);
			this.content.read(block, member, texts);
			if (String.join("", texts.texts).isBlank()) {
				throw BedrockWording.error("The text field in the SystemContentBlock object at " + block.path().dots()
						+ " is blank. Add text to the text field, and try again.");
			}
			this.draft.system.addAll(texts.texts);
		}
	}

	private @Nullable Double inference() {
		Fields config = this.request.optObject("inferenceConfig");
		if (config == null) {
			return null;
		}
		config.allow("maxTokens", "temperature", "topP", "stopSequences");
		this.draft.maxTokens = config.optInteger("maxTokens", 1, Integer.MAX_VALUE);
		this.draft.stopSequences = config.optTexts("stopSequences", 2500);
		if (this.draft.stopSequences.contains("")) {
			throw new BedrockWording().tooFew(config.at("stopSequences"), 1, 0);
		}
		Double temperature = config.optNumber("temperature", 0, 1);
		Double topP = config.optNumber("topP", 0, 1);
		ClaudeModel model = ClaudeModel.of(this.draft.model);
		if (model.isAdaptiveOnly() && (temperature != null || topP != null)) {
			throw BedrockWording.model("`temperature` is deprecated for this model.");
		}
		boolean claude = this.draft.model.contains("claude");
		if (claude && temperature != null && topP != null && !model.allowsTemperatureWithTopP()) {
			throw BedrockWording
				.model("`temperature` and `top_p` cannot both be specified for this model. Please use " + "only one.");
		}
		return temperature;
	}

	/** Parameters of the model itself; those of Claude are checked. */
	private void additional(@Nullable Double temperature) {
		Fields fields = this.request.optObject("additionalModelRequestFields");
		if (fields == null) {
			return;
		}
		if (this.draft.model.contains("claude")) {
			List<String> known = List.of("thinking", "reasoning_config", "top_k", "anthropic_beta", "output_config",
					"tool_choice", "metadata", "stop_sequences");
			for (String name : fields.node().propertyNames()) {
				if (!known.contains(name)) {
					throw BedrockWording.model(name + ": Extra inputs are not permitted");
				}
			}
		}
		Fields thinking = fields.optObject(fields.has("thinking") ? "thinking" : "reasoning_config");
		if (thinking != null) {
			thinking(thinking, temperature);
		}
		this.draft.reasoning |= fields.has("reasoningConfig");
		Fields output = fields.optObject("output_config");
		if (output != null) {
			output.allow("effort", "format").optOneOf("effort", "low", "medium", "high", "xhigh", "max");
		}
	}

	private void thinking(Fields thinking, @Nullable Double temperature) {
		ClaudeModel model = ClaudeModel.of(this.draft.model);
		String type = thinking.oneOf("type", "enabled", "adaptive", "disabled");
		this.draft.reasoning = !type.equals("disabled");
		if (type.equals("adaptive") && !model.knowsAdaptiveThinking()) {
			throw BedrockWording.model("adaptive thinking is not supported on this model");
		}
		if (!type.equals("enabled")) {
			return;
		}
		if (model.isAdaptiveOnly()) {
			throw BedrockWording.model("\"thinking.type.enabled\" is not supported for this model. Use "
					+ "\"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.");
		}
		thinking.require("budget_tokens");
		Integer budget = thinking.optInteger("budget_tokens", Integer.MIN_VALUE, Integer.MAX_VALUE);
		Integer most = this.draft.maxTokens;
		if (budget != null && budget < 1024) {
			throw BedrockWording.model("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
		}
		if (budget != null && most != null && budget >= most) {
			throw BedrockWording.model("`max_tokens` must be greater than `thinking.budget_tokens`.");
		}
		if (temperature != null && temperature != 1) {
			throw BedrockWording.model("`temperature` may only be set to 1 when thinking is enabled.");
		}
		if (this.draft.toolChoice.mode() == ToolChoice.Mode.REQUIRED) {
			throw BedrockWording.model("Thinking may not be enabled when tool_choice forces tool use.");
		}
	}

	private void output() {
		Fields config = this.request.optObject("outputConfig");
		Fields format = (config == null) ? null : config.allow("textFormat").optObject("textFormat");
		if (format == null) {
			return;
		}
		format.allow("type", "structure").oneOf("type", "json_schema");
		Fields schema = format.object("structure").allow("jsonSchema").object("jsonSchema");
		schema.allow("schema", "name", "description");
		try {
			this.draft.schema = Json.read(schema.text("schema"));
		}
		catch (JacksonException ex) {
			throw BedrockWording.error("The value at " + schema.at("schema").dots() + " is not valid JSON.");
		}
		checkSchema(schema.at("schema").dots(), this.draft.schema);
	}

	private void small() {
		Fields guardrail = this.request.optObject("guardrailConfig");
		if (guardrail != null) {
			if (this.stream) {
				guardrail.allow("guardrailIdentifier", "guardrailVersion", "trace", "streamProcessingMode");
			}
			else {
				guardrail.allow("guardrailIdentifier", "guardrailVersion", "trace");
			}
			guardrail.text("guardrailIdentifier");
			guardrail.text("guardrailVersion");
		}
		Fields metadata = this.request.optObject("requestMetadata");
		if (metadata != null) {
			for (Map.Entry<String, JsonNode> entry : metadata.node().properties()) {
				metadata.text(entry.getKey());
			}
		}
		Fields performance = this.request.optObject("performanceConfig");
		if (performance != null) {
			performance.allow("latency").optOneOf("latency", "standard", "optimized");
		}
		Fields tier = this.request.optObject("serviceTier");
		if (tier != null) {
			tier.allow("type").oneOf("type", "default", "priority", "flex", "reserved");
		}
		this.request.optTexts("additionalModelResponseFieldPaths", 10);
	}

}
