package dev.llmproxy.dialect.anthropic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.dialect.ClosedSchemas;
import dev.llmproxy.dialect.EncodedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a request for the provider; one instance writes one request. The conversation
 * stands last, so that a longer one begins with the bytes of a shorter one.
 */
final class AnthropicRequestEncoder {

	/** What a request to count has besides the prompt itself. */
	private static final Set<String> COUNTED = Set.of("cache_control", "context_management", "mcp_servers", "speed");

	private final ChatRequest request;

	private final AnthropicModel model;

	/** Whether the caller speaks this dialect, and only content was edited. */
	private final boolean home;

	private final List<String> dropped = new ArrayList<>();

	private final AnthropicConversation conversation;

	private final AnthropicThinking thinking;

	AnthropicRequestEncoder(ChatRequest request) {
		this.request = request;
		this.model = AnthropicModel.of(request.model());
		this.home = AnthropicBlocks.HOME.equals(request.rest().get(AnthropicRequestDecoder.DIALECT));
		this.conversation = new AnthropicConversation(request, this.model, this.home, this.dropped);
		this.thinking = AnthropicThinking.of(request, this.model, this.home, this.conversation.goesOnWithoutThoughts(),
				this.dropped);
	}

	EncodedRequest encode() {
		ObjectNode body = AnthropicJson.object().put("model", this.request.model());
		body.put("max_tokens", this.thinking.maxTokens());
		if (this.request.stream()) {
			body.put("stream", true);
		}
		new AnthropicSampling(this.request, this.model, this.thinking.on(), this.dropped).encode(body);
		stop(body);
		caller(body);
		prompt(body, null);
		unsupported();
		return new EncodedRequest(AnthropicJson.bytes(body), this.dropped);
	}

	byte[] encodeCount() {
		ObjectNode body = AnthropicJson.object().put("model", this.request.model());
		prompt(body, COUNTED);
		return AnthropicJson.bytes(body);
	}

	/** Everything the model reads, the conversation last. */
	private void prompt(ObjectNode body, @Nullable Set<String> allowed) {
		if (this.thinking.config() != null) {
			body.set("thinking", this.thinking.config());
		}
		outputConfig(body);
		new AnthropicToolEncoder(this.request, this.model, this.home, this.dropped).encode(body,
				this.conversation.calledTools(), this.thinking.on());
		this.conversation.encodeSystem(body);
		rest(body, allowed);
		this.conversation.encodeMessages(body);
	}

	/** A sequence of white space is refused. */
	private void stop(ObjectNode body) {
		List<String> allowed = new ArrayList<>();
		for (int i = 0; i < this.request.stop().size(); i++) {
			String sequence = this.request.stop().get(i);
			if (sequence.isBlank()) {
				this.dropped.add("stop[" + i + "]");
			}
			else {
				allowed.add(sequence);
			}
		}
		if (!allowed.isEmpty()) {
			body.set("stop_sequences", AnthropicJson.tree(allowed));
		}
	}

	private void caller(ObjectNode body) {
		if (this.request.user() != null) {
			body.putObject("metadata").put("user_id", this.request.user());
		}
		String tier = this.request.serviceTier();
		if (tier == null) {
			return;
		}
		switch (tier) {
			case "auto", "standard_only" -> body.put("service_tier", tier);
			case "default" -> body.put("service_tier", "standard_only");
			default -> this.dropped.add("service_tier");
		}
	}

	private void outputConfig(ObjectNode body) {
		ObjectNode config = AnthropicJson.object();
		if (this.thinking.effort() != null) {
			config.put("effort", this.thinking.effort());
		}
		ResponseFormat format = this.request.responseFormat();
		if (format instanceof ResponseFormat.JsonSchema schema) {
			if (this.model.structured()) {
				config.set("format", format(schema));
			}
			else {
				this.dropped.add("response_format");
			}
		}
		else if (format instanceof ResponseFormat.JsonObject) {
			this.dropped.add("response_format (json_object)");
		}
		if (!config.isEmpty()) {
			body.set("output_config", config);
		}
	}

	private ObjectNode format(ResponseFormat.JsonSchema format) {
		ObjectNode schema = AnthropicJson.object();
		if (AnthropicJson.tree(format.schema()) instanceof ObjectNode given) {
			schema = given;
		}
		if (!this.home) {
			Set<String> lost = ClosedSchemas.fit(schema);
			if (!lost.isEmpty()) {
				this.dropped.add("response_format.json_schema.schema (" + String.join(", ", lost) + ")");
			}
			if (format.description() != null && !schema.has("description")) {
				schema.put("description", format.description());
			}
		}
		ObjectNode json = AnthropicJson.object("json_schema");
		json.set("schema", schema);
		return json;
	}

	/** Puts back what a caller of this dialect said and the canonical model lacks. */
	private void rest(ObjectNode body, @Nullable Set<String> allowed) {
		for (Map.Entry<String, @Nullable Object> other : this.request.rest().entrySet()) {
			String path = other.getKey();
			if (path.equals(AnthropicRequestDecoder.DIALECT)) {
				continue;
			}
			if (!this.home || !putBack(body, path, other.getValue(), allowed)) {
				this.dropped.add(path);
			}
		}
	}

	private static boolean putBack(ObjectNode body, String path, @Nullable Object value,
			@Nullable Set<String> allowed) {
		int dot = path.indexOf('.');
		if (path.indexOf('[') >= 0) {
			return false;
		}
		if (dot < 0) {
			if (allowed == null || allowed.contains(path) || path.equals("thinking")) {
				body.set(path, AnthropicJson.tree(value));
			}
			return true;
		}
		// A later member of an object that the canonical model knows otherwise.
		String member = path.substring(dot + 1);
		JsonNode owner = body.path(path.substring(0, dot));
		if (member.indexOf('.') >= 0 || !(owner instanceof ObjectNode object)) {
			return false;
		}
		object.set(member, AnthropicJson.tree(value));
		return true;
	}

	private void unsupported() {
		drop(this.request.n() > 1, "n");
		drop(this.request.seed() != null, "seed");
		drop(isSet(this.request.frequencyPenalty()), "frequency_penalty");
		drop(isSet(this.request.presencePenalty()), "presence_penalty");
		drop(!this.request.metadata().isEmpty(), "metadata");
	}

	private static boolean isSet(@Nullable Double penalty) {
		return penalty != null && penalty != 0;
	}

	private void drop(boolean given, String name) {
		if (given) {
			this.dropped.add(name);
		}
	}

}
