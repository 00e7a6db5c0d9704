package dev.llmproxy.dialect.anthropic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request of a caller; one instance reads one request. */
final class AnthropicRequestDecoder {

	/** The first member of {@link ChatRequest#rest()}: whose words the others are. */
	static final String DIALECT = "$dialect";

	private static final Set<String> KNOWN = Set.of("model", "messages", "system", "max_tokens", "metadata",
			"stop_sequences", "stream", "temperature", "top_k", "top_p", "tools", "tool_choice", "thinking",
			"output_config", "output_format", "service_tier");

	private final Map<String, @Nullable Object> rest = new LinkedHashMap<>();

	private final AnthropicBlockDecoder blocks = new AnthropicBlockDecoder(this.rest);

	ChatRequest decode(byte[] body, Envelope envelope) {
		ObjectNode json = AnthropicJson.parseObject(body);
		if (json == null) {
			throw new InvalidRequestException("The body must be a JSON object", null);
		}
		RequestNode root = new RequestNode(json, "");
		String model = envelope.model();
		if (model == null) {
			throw root.get("model").invalid("must be a string");
		}
		ChatRequest.Builder request = ChatRequest.builder(model).stream(envelope.stream()).includeUsage(true);
		this.rest.put(DIALECT, Dialect.ANTHROPIC.name());
		root.keepOthers(KNOWN, this.rest);
		request.messages(messages(root));
		request.tools(AnthropicToolDecoder.decode(root.get("tools"), this.rest));
		AnthropicToolDecoder.decodeChoice(root.get("tool_choice"), request, this.rest);
		limits(root, request);
		outputConfig(root, request);
		metadata(root.get("metadata"), request);
		request.serviceTier(root.get("service_tier").stringOrNull());
		this.rest.forEach(request::rest);
		return request.build();
	}

	private void limits(RequestNode root, ChatRequest.Builder request) {
		// 0 fills the prompt cache and generates nothing.
		request.maxTokens(root.get("max_tokens").integerOrNull(0));
		request.temperature(root.get("temperature").numberOrNull(0, 1));
		request.topP(root.get("top_p").numberOrNull(0, 1));
		request.topK(root.get("top_k").integerOrNull(0));
		RequestNode stop = root.get("stop_sequences");
		if (stop.present()) {
			request.stop(stop.elements().stream().map(RequestNode::string).toList());
		}
	}

	private void outputConfig(RequestNode root, ChatRequest.Builder request) {
		RequestNode config = root.get("output_config");
		String effort = null;
		// The beta's place of what is output_config.format today.
		RequestNode format = root.get("output_format");
		if (config.present()) {
			effort = config.object().get("effort").stringOrNull();
			format = config.get("format").present() ? config.get("format") : format;
			config.keepOthers(Set.of("effort", "format"), this.rest);
		}
		request.reasoning(AnthropicThinkingDecoder.decode(root.get("thinking"), effort, this.rest));
		if (format.present()) {
			request.responseFormat(format(format.object()));
		}
	}

	private ResponseFormat format(RequestNode format) {
		if (!"json_schema".equals(format.get("type").string())) {
			throw format.get("type").invalid("must be json_schema");
		}
		format.keepOthers(Set.of("type", "schema"), this.rest);
		return new ResponseFormat.JsonSchema("response", null,
				AnthropicJson.plainObject(format.get("schema").object().json()), true);
	}

	private void metadata(RequestNode metadata, ChatRequest.Builder request) {
		if (metadata.present()) {
			request.user(metadata.object().get("user_id").stringOrNull());
			metadata.keepOthers(Set.of("user_id"), this.rest);
		}
	}

	private List<Message> messages(RequestNode root) {
		List<Message> messages = new ArrayList<>();
		RequestNode system = root.get("system");
		if (system.present()) {
			messages.add(new Message(Role.SYSTEM, this.blocks.decode(system)));
		}
		List<RequestNode> turns = root.get("messages").elements();
		if (turns.isEmpty()) {
			throw root.get("messages").invalid("must have at least one message");
		}
		turns.forEach((turn) -> turn(turn, messages));
		return messages;
	}

	private void turn(RequestNode turn, List<Message> messages) {
		RequestNode role = turn.object().get("role");
		List<Part> parts = this.blocks.decode(turn.get("content"));
		turn.keepOthers(Set.of("role", "content"), this.rest);
		switch (role.string()) {
			case "user" -> user(parts, messages);
			case "assistant" -> messages.add(new Message(Role.ASSISTANT, parts));
			case "system" -> messages.add(new Message(Role.SYSTEM, parts));
			default -> throw role.invalid("must be one of user, assistant, system");
		}
	}

	/** Results of tools are a turn of their own here. */
	private static void user(List<Part> parts, List<Message> messages) {
		List<Part> results = parts.stream().filter(Part.ToolResult.class::isInstance).toList();
		if (!results.isEmpty()) {
			messages.add(new Message(Role.TOOL, results));
		}
		if (results.size() < parts.size() || parts.isEmpty()) {
			messages.add(new Message(Role.USER,
					parts.stream().filter((part) -> !(part instanceof Part.ToolResult)).toList()));
		}
	}

}
