package dev.llmproxy.dialect.bedrock;

import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.ClosedSchemas;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes {@code toolConfig}. */
final class BedrockToolEncoder {

	private static final String TOOL_CHOICE = "tool_choice";

	private final ChatRequest request;

	private final BedrockModel model;

	private final List<String> dropped;

	private final BedrockCachePoints cachePoints;

	BedrockToolEncoder(ChatRequest request, BedrockModel model, List<String> dropped) {
		this.request = request;
		this.model = model;
		this.dropped = dropped;
		this.cachePoints = new BedrockCachePoints(model, dropped);
	}

	/**
	 * Writes the member and, where it takes one, an additional field.
	 * @param answer the tool that stands for the answer, if there is one
	 * @param thinking whether Claude is told to think, which excludes forcing a call
	 */
	void encode(ObjectNode body, ObjectNode additional, BedrockConversation conversation, @Nullable ObjectNode answer,
			boolean thinking) {
		ToolChoice choice = this.request.toolChoice();
		boolean none = choice != null && choice.mode() == ToolChoice.Mode.NONE;
		ArrayNode tools = BedrockJson.MAPPER.createArrayNode();
		boolean own = false;
		// The API has no word for "none", and demands tools where some were called.
		if (!none || conversation.usesTools()) {
			own = tools(tools);
			if (!own) {
				conversation.calledTools().forEach((name) -> tools.add(spec(name, null, emptySchema())));
			}
		}
		if (answer != null) {
			tools.add(answer);
		}
		ToolChoice wanted = none ? null : choice;
		if (answer != null) {
			wanted = (own && !none) ? ToolChoice.REQUIRED
					: ToolChoice.named(answer.path("toolSpec").path("name").stringValue(""));
		}
		else if (none && !tools.isEmpty()) {
			this.dropped.add(TOOL_CHOICE);
		}
		if (tools.isEmpty()) {
			if (isForced(wanted)) {
				this.dropped.add(TOOL_CHOICE);
			}
			return;
		}
		ObjectNode config = BedrockJson.object("tools", tools);
		choice(config, additional, possible(wanted, thinking), own);
		body.set("toolConfig", config);
	}

	/** Whether there is a tool of the caller among them. */
	private boolean tools(ArrayNode tools) {
		for (int i = 0; i < this.request.tools().size(); i++) {
			String path = "tools[" + i + "]";
			if (this.request.tools().get(i) instanceof Tool.Function function) {
				tools.add(tool(function, path));
				ObjectNode mark = this.cachePoints.after(function.cacheControl(), true, path);
				if (mark != null) {
					tools.add(mark);
				}
			}
			else {
				this.dropped.add(path + " (" + this.request.tools().get(i).name() + ")");
			}
		}
		return !tools.isEmpty();
	}

	private ObjectNode tool(Tool.Function function, String path) {
		String name = function.name();
		if (!BedrockToolIds.isLegal(name) || BedrockAnswerFormat.isAnswerTool(name)) {
			throw new InvalidRequestException("'" + path
					+ ".name' must be 1 to 64 letters, digits, underscores and hyphens for a model on Amazon Bedrock",
					path + ".name");
		}
		ObjectNode schema = emptySchema();
		if (function.parameters() != null && BedrockJson.tree(function.parameters()) instanceof ObjectNode given) {
			schema = given.has("type") ? given : schema.setAll(given);
		}
		boolean strict = Boolean.TRUE.equals(function.strict()) && strict(schema, path);
		ObjectNode spec = spec(name, function.description(), schema);
		if (strict && spec.path("toolSpec") instanceof ObjectNode definition) {
			definition.put("strict", true);
		}
		return spec;
	}

	/** Prepares a schema for calls that are held to it, if they can be. */
	private boolean strict(ObjectNode schema, String path) {
		if (!this.model.structured()) {
			this.dropped.add(path + ".strict");
			return false;
		}
		Set<String> lost = ClosedSchemas.fit(schema);
		if (!lost.isEmpty()) {
			this.dropped.add(path + ".parameters (" + String.join(", ", lost) + ")");
		}
		return true;
	}

	private static ObjectNode emptySchema() {
		return BedrockJson.object().put("type", "object");
	}

	/** An element of {@code tools}. */
	static ObjectNode spec(String name, @Nullable String description, ObjectNode schema) {
		ObjectNode spec = BedrockJson.object().put("name", name);
		if (description != null && !description.isBlank()) {
			spec.put("description", description);
		}
		spec.set("inputSchema", BedrockJson.object("json", schema));
		return BedrockJson.object("toolSpec", spec);
	}

	private static boolean isForced(@Nullable ToolChoice choice) {
		return choice != null && choice.mode() != ToolChoice.Mode.AUTO;
	}

	/** What comes nearest to the wish among what the model can be told. */
	private @Nullable ToolChoice possible(@Nullable ToolChoice wanted, boolean thinking) {
		if (!isForced(wanted)) {
			return wanted;
		}
		if (thinking || !this.model.forcesTools()) {
			this.dropped.add(TOOL_CHOICE);
			return null;
		}
		if (wanted != null && wanted.mode() == ToolChoice.Mode.NAMED && !this.model.forcesOneTool()) {
			if (this.request.tools().size() > 1) {
				this.dropped.add(TOOL_CHOICE + " (any tool instead of the named one)");
			}
			return ToolChoice.REQUIRED;
		}
		return wanted;
	}

	/**
	 * Calls one at a time are Claude's own word, which brings its own form of the choice;
	 * the API refuses both forms at once.
	 */
	private void choice(ObjectNode config, ObjectNode additional, @Nullable ToolChoice choice, boolean own) {
		if (own && Boolean.FALSE.equals(this.request.parallelToolCalls())) {
			if (this.model.serialTools()) {
				additional.set(TOOL_CHOICE, serial((choice != null) ? choice : ToolChoice.AUTO));
				return;
			}
			this.dropped.add("parallel_tool_calls");
		}
		if (choice == null) {
			return;
		}
		ObjectNode rule = BedrockJson.object();
		if (choice.name() != null) {
			rule.put("name", choice.name());
		}
		config.set("toolChoice", BedrockJson.object(switch (choice.mode()) {
			case AUTO, NONE -> "auto";
			case REQUIRED -> "any";
			case NAMED -> "tool";
		}, rule));
	}

	private static ObjectNode serial(ToolChoice choice) {
		ObjectNode json = BedrockJson.object().put("type", switch (choice.mode()) {
			case AUTO, NONE -> "auto";
			case REQUIRED -> "any";
			case NAMED -> "tool";
		});
		if (choice.name() != null) {
			json.put("name", choice.name());
		}
		return json.put("disable_parallel_tool_use", true);
	}

}
