package dev.llmproxy.dialect.bedrock;

import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.ClosedSchemas;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an answer is held to a schema: by {@code outputConfig} where the model has that,
 * otherwise by a tool that stands for the answer and that the model must call. That
 * tool's name begins with a word that no caller's tool may begin with; by it the call is
 * recognised in the answer, where its arguments become the text.
 *
 * @param textFormat {@code outputConfig.textFormat}
 * @param tool the tool that stands for the answer
 */
record BedrockAnswerFormat(@Nullable ObjectNode textFormat, @Nullable ObjectNode tool) {

	private static final String TOOL_PREFIX = "llmproxy_answer_";

	private static final BedrockAnswerFormat FREE = new BedrockAnswerFormat(null, null);

	private static final String RESPONSE_FORMAT = "response_format";

	/** Whether a tool stands for the answer. */
	static boolean isAnswerTool(String name) {
		return name.startsWith(TOOL_PREFIX);
	}

	/**
	 * Decides it for a request.
	 * @param thinking whether Claude is told to think, so that no call can be forced
	 * @param dropped takes the names of what can't be had
	 */
	static BedrockAnswerFormat of(ChatRequest request, BedrockModel model, boolean thinking, List<String> dropped) {
		ResponseFormat format = request.responseFormat();
		if (format instanceof ResponseFormat.JsonObject) {
			dropped.add(RESPONSE_FORMAT + " (json_object)");
		}
		if (!(format instanceof ResponseFormat.JsonSchema json)
				|| !(BedrockJson.tree(json.schema()) instanceof ObjectNode schema)) {
			return FREE;
		}
		if (model.structured()) {
			return textFormat(json, schema, dropped);
		}
		if (thinking || !model.forcesTools() || isToolForced(request.toolChoice()) || !isObject(schema)) {
			dropped.add(RESPONSE_FORMAT);
			return FREE;
		}
		return new BedrockAnswerFormat(null, tool(json, schema));
	}

	private static boolean isToolForced(@Nullable ToolChoice choice) {
		return choice != null && (choice.mode() == ToolChoice.Mode.REQUIRED || choice.mode() == ToolChoice.Mode.NAMED);
	}

	/** Arguments of a tool are always an object. */
	private static boolean isObject(ObjectNode schema) {
		return "object".equals(schema.path("type").stringValue(null));
	}

	private static BedrockAnswerFormat textFormat(ResponseFormat.JsonSchema format, ObjectNode schema,
			List<String> dropped) {
		Set<String> lost = ClosedSchemas.fit(schema);
		if (!lost.isEmpty()) {
			dropped.add(RESPONSE_FORMAT + ".json_schema.schema (" + String.join(", ", lost) + ")");
		}
		ObjectNode definition = BedrockJson.object().put("schema", BedrockJson.string(schema));
		definition.put("name", format.name());
		if (format.description() != null && !format.description().isBlank()) {
			definition.put("description", format.description());
		}
		ObjectNode json = BedrockJson.object().put("type", "json_schema");
		json.set("structure", BedrockJson.object("jsonSchema", definition));
		return new BedrockAnswerFormat(json, null);
	}

	private static ObjectNode tool(ResponseFormat.JsonSchema format, ObjectNode schema) {
		String description = format.description();
		return BedrockToolEncoder.spec(BedrockToolIds.encode(TOOL_PREFIX + format.name()),
				(description != null && !description.isBlank()) ? description : "Gives the final answer.", schema);
	}

}
