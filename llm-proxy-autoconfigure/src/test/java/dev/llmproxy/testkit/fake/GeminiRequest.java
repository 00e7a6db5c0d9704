package dev.llmproxy.testkit.fake;

import java.util.List;

import dev.llmproxy.testkit.fake.Conversation.Tool;
import dev.llmproxy.testkit.fake.Conversation.ToolChoice;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a {@code GenerateContentRequest}. */
final class GeminiRequest {

	private static final JsonNode NO_PARAMETERS = Json.object("type", "object", "properties", Json.object());

	private static final String[] CATEGORIES = { "HARM_CATEGORY_HARASSMENT", "HARM_CATEGORY_HATE_SPEECH",
			"HARM_CATEGORY_SEXUALLY_EXPLICIT", "HARM_CATEGORY_DANGEROUS_CONTENT", "HARM_CATEGORY_CIVIC_INTEGRITY" };

	private final ConversationDraft draft;

	private final boolean vertex;

	private GeminiRequest(ConversationDraft draft, boolean vertex) {
		this.draft = draft;
		this.vertex = vertex;
	}

	static ConversationDraft read(Fields raw, String model, boolean vertex) {
		Fields request = Proto.message(raw);
		if (vertex) {
			request.allow("contents", "systemInstruction", "tools", "toolConfig", "safetySettings", "generationConfig",
					"cachedContent", "labels", "model", "modelArmorConfig", "serviceTier");
		}
		else {
			request.allow("contents", "systemInstruction", "tools", "toolConfig", "safetySettings", "generationConfig",
					"cachedContent", "model", "serviceTier", "store");
		}
		ConversationDraft draft = new ConversationDraft(model);
		GeminiRequest reader = new GeminiRequest(draft, vertex);
		Fields instruction = request.optObject("systemInstruction");
		if (instruction != null) {
			draft.system.addAll(GeminiContents.instruction(instruction));
		}
		GeminiContents.read(request, draft, vertex);
		request.optObjects("tools").forEach((tool) -> reader.tool(Proto.message(tool)));
		reader.toolConfig(request.optObject("toolConfig"));
		for (Fields setting : request.optObjects("safetySettings")) {
			Fields safety = Proto.message(setting).allow("category", "threshold", "method");
			Proto.optEnum(safety, "category", CATEGORIES);
			Proto.optEnum(safety, "threshold", "BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH",
					"BLOCK_NONE", "OFF");
		}
		Fields config = request.optObject("generationConfig");
		if (config != null) {
			reader.config(Proto.message(config));
		}
		String cached = request.optText("cachedContent");
		if (cached != null) {
			if (request.has("systemInstruction") || request.has("tools") || request.has("toolConfig")) {
				throw GeminiWording.error("CachedContent can not be used with GenerateContent request setting "
						+ "system_instruction, tools or tool_config.");
			}
			draft.cachePrefix = cached;
		}
		return draft;
	}

	private void tool(Fields tool) {
		tool.allow("functionDeclarations", "googleSearch", "googleSearchRetrieval", "codeExecution", "urlContext",
				"googleMaps", "fileSearch", "computerUse", "enterpriseWebSearch", "retrieval");
		for (Fields raw : tool.optObjects("functionDeclarations")) {
			Fields function = Proto.message(raw)
				.allow("name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema",
						"behavior");
			String name = function.text("name");
			if (!name.matches("[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}")) {
				throw function.invalid("name", "Invalid function name. Must start with a letter or an underscore. "
						+ "Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), "
						+ "with a maximum length of 128.");
			}
			if (this.draft.offers(name)) {
				throw GeminiWording.error("Duplicate function declaration found: " + name);
			}
			function.optText("description");
			this.draft.tools.add(new Tool(name, parameters(function)));
		}
	}

	private JsonNode parameters(Fields function) {
		Fields plain = function.optObject("parametersJsonSchema");
		Fields parameters = function.optObject("parameters");
		if (plain != null && parameters != null) {
			throw function.invalid("parameters", "parameters and parameters_json_schema are mutually exclusive");
		}
		if (parameters != null) {
			return GeminiSchema.read(parameters, this.vertex);
		}
		return (plain != null) ? plain.node() : NO_PARAMETERS;
	}

	private void toolConfig(@Nullable Fields raw) {
		if (raw == null) {
			return;
		}
		Fields calling = Proto.message(raw)
			.allow("functionCallingConfig", "retrievalConfig", "includeServerSideToolInvocations")
			.optObject("functionCallingConfig");
		if (calling == null) {
			return;
		}
		Fields config = Proto.message(calling).allow("mode", "allowedFunctionNames", "streamFunctionCallArguments");
		String mode = Proto.optEnum(config, "mode", "AUTO", "ANY", "NONE", "VALIDATED", "MODE_UNSPECIFIED");
		List<String> names = config.optTexts("allowedFunctionNames", Integer.MAX_VALUE);
		if (this.draft.tools.isEmpty() && mode != null && !mode.equals("NONE")) {
			throw GeminiWording.error("Function calling config is set without function_declarations.");
		}
		if (!names.isEmpty() && !"ANY".equals(mode) && !"VALIDATED".equals(mode)) {
			throw config.invalid("allowedFunctionNames",
					"allowed_function_names should be set only when the function calling mode is ANY or VALIDATED.");
		}
		for (String name : names) {
			if (!this.draft.offers(name)) {
				throw config.invalid("allowedFunctionNames",
						"function " + name + " is not among the function_declarations.");
			}
		}
		if (!names.isEmpty()) {
			this.draft.tools.removeIf((tool) -> !names.contains(tool.name()));
		}
		this.draft.toolChoice = switch ((mode == null) ? "AUTO" : mode) {
			case "ANY" -> ToolChoice.REQUIRED;
			case "NONE" -> ToolChoice.NONE;
			default -> ToolChoice.AUTO;
		};
	}

	private void config(Fields config) {
		config.allow("stopSequences", "responseMimeType", "responseSchema", "responseJsonSchema", "responseModalities",
				"candidateCount", "maxOutputTokens", "temperature", "topP", "topK", "seed", "presencePenalty",
				"frequencyPenalty", "responseLogprobs", "logprobs", "enableEnhancedCivicAnswers", "speechConfig",
				"thinkingConfig", "imageConfig", "mediaResolution", "audioTimestamp", "routingConfig");
		config.optNumber("temperature", 0, 2);
		config.optNumber("topP", 0, 1);
		config.optNumber("topK", 1, 1000);
		config.optInteger("candidateCount", 1, 8);
		config.optInteger("seed", Integer.MIN_VALUE, Integer.MAX_VALUE);
		config.optNumber("presencePenalty", -2, 2);
		config.optNumber("frequencyPenalty", -2, 2);
		this.draft.maxTokens = config.optInteger("maxOutputTokens", 1, Integer.MAX_VALUE);
		this.draft.stopSequences = config.optTexts("stopSequences", 5);
		format(config);
		Fields thinking = config.optObject("thinkingConfig");
		if (thinking != null) {
			thinking(Proto.message(thinking));
		}
	}

	private void format(Fields config) {
		String type = config.optText("responseMimeType");
		if (type != null && !List.of("text/plain", "application/json", "text/x.enum").contains(type)) {
			throw config.invalid("responseMimeType", "allowed mimetypes are `text/plain`, `application/json`, "
					+ "`application/xml`, `application/yaml` and `text/x.enum`.");
		}
		Fields schema = config.optObject("responseSchema");
		Fields plain = config.optObject("responseJsonSchema");
		boolean json = "application/json".equals(type);
		if ((schema != null || plain != null) && !json && !"text/x.enum".equals(type)) {
			throw config.invalid("responseSchema",
					"response_schema can only be set when response_mime_type is `application/json`.");
		}
		if (schema != null && plain != null) {
			throw config.invalid("responseSchema", "only one of response_schema and response_json_schema can be set.");
		}
		if (schema != null) {
			this.draft.schema = GeminiSchema.read(schema, this.vertex);
		}
		if (plain != null) {
			this.draft.schema = plain.node();
		}
		this.draft.json = json && this.draft.schema == null;
	}

	private void thinking(Fields thinking) {
		thinking.allow("includeThoughts", "thinkingBudget", "thinkingLevel");
		if (this.draft.model.matches(".*gemini-(1\\.5|2\\.0).*")) {
			throw GeminiWording.error("Unable to submit request because thinking is not supported by this model.");
		}
		Integer budget = thinking.optInteger("thinkingBudget", -1, 32_768);
		String level = Proto.optEnum(thinking, "thinkingLevel", "MINIMAL", "LOW", "MEDIUM", "HIGH");
		if (budget != null && level != null) {
			throw GeminiWording.error("You can only set only one of thinking budget and thinking level.");
		}
		if (level != null && this.draft.model.contains("gemini-2.5")) {
			throw GeminiWording.error("Thinking level is not supported for this model.");
		}
		this.draft.reasoning = thinking.flag("includeThoughts") && (budget == null || budget != 0);
	}

}
