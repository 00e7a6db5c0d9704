package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EncodedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the body of {@code POST /v1/chat/completions} as OpenAI takes it. What only some
 * vendors take is written for callers who spoke this dialect themselves, since it is
 * their own word.
 */
final class OpenAiRequestEncoder {

	/** OpenAI refuses more. */
	private static final int MAX_STOPS = 4;

	static final Set<String> SERVICE_TIERS = Set.of("auto", "default", "flex", "scale", "priority", "fast");

	private final ChatRequest request;

	/** Whether the caller's own dialect is this one, and so are the remaining fields. */
	private final boolean own;

	private final ObjectNode body = OpenAiJson.MAPPER.createObjectNode();

	private final Set<String> dropped = new LinkedHashSet<>();

	private OpenAiRequestEncoder(ChatRequest request) {
		this.request = request;
		this.own = RestFields.areFrom(Dialect.OPENAI, request.rest());
	}

	static EncodedRequest encode(ChatRequest request) {
		return new OpenAiRequestEncoder(request).encode();
	}

	private EncodedRequest encode() {
		OpenAiToolEncoder tools = new OpenAiToolEncoder(this.request, this.dropped);
		this.body.put("model", this.request.model());
		new OpenAiMessageEncoder(this.body.putArray("messages"), this.own, tools.customNames(), this.dropped)
			.encode(this.request.messages());
		stream();
		sampling();
		tools.encode(this.body);
		responseFormat();
		reasoning();
		identity();
		rest();
		return new EncodedRequest(OpenAiJson.bytes(this.body), new ArrayList<>(this.dropped));
	}

	private void stream() {
		if (this.request.stream()) {
			this.body.put("stream", true);
			// Always: we translate, and the caller may not want to see it but we do.
			this.body.putObject("stream_options").put("include_usage", true);
		}
	}

	private void sampling() {
		put("max_completion_tokens", this.request.maxTokens());
		put("temperature", this.request.temperature());
		put("top_p", this.request.topP());
		if (this.own) {
			put("top_k", this.request.topK());
		}
		else if (this.request.topK() != null) {
			this.dropped.add("top_k");
		}
		put("frequency_penalty", this.request.frequencyPenalty());
		put("presence_penalty", this.request.presencePenalty());
		if (this.request.seed() != null) {
			this.body.put("seed", this.request.seed());
		}
		stop(this.request.stop());
		if (this.request.n() > 1) {
			this.body.put("n", this.request.n());
		}
	}

	private void stop(List<String> stops) {
		if (stops.isEmpty()) {
			return;
		}
		ArrayNode array = this.body.putArray("stop");
		for (int i = 0; i < stops.size(); i++) {
			if (i < MAX_STOPS || this.own) {
				array.add(stops.get(i));
			}
			else {
				this.dropped.add("stop[" + i + "]");
			}
		}
	}

	private void put(String name, @Nullable Integer value) {
		if (value != null) {
			this.body.put(name, value);
		}
	}

	private void put(String name, @Nullable Double value) {
		if (value != null) {
			this.body.put(name, value);
		}
	}

	private void responseFormat() {
		ResponseFormat format = this.request.responseFormat();
		if (format instanceof ResponseFormat.Text) {
			this.body.putObject("response_format").put("type", "text");
		}
		else if (format instanceof ResponseFormat.JsonObject) {
			this.body.putObject("response_format").put("type", "json_object");
		}
		else if (format instanceof ResponseFormat.JsonSchema schema) {
			ObjectNode definition = this.body.putObject("response_format")
				.put("type", "json_schema")
				.putObject("json_schema");
			definition.put("name", name(schema.name()));
			if (schema.description() != null) {
				definition.put("description", schema.description());
			}
			definition.set("schema", OpenAiJson.tree(schema.schema()));
			if (schema.strict() != null) {
				definition.put("strict", schema.strict());
			}
		}
	}

	/** OpenAI takes letters, digits, {@code _} and {@code -}, at most 64. */
	private static String name(String name) {
		String plain = name.replaceAll("[^a-zA-Z0-9_-]", "_");
		return plain.isEmpty() ? "response" : plain.substring(0, Math.min(64, plain.length()));
	}

	private void reasoning() {
		ReasoningConfig config = this.request.reasoning();
		if (config == null) {
			return;
		}
		if (this.own) {
			OpenAiReasoningConfig.encodeOwn(config, this.body);
		}
		else if (!OpenAiReasoningConfig.encode(config, this.body)) {
			this.dropped.add("reasoning");
		}
	}

	private void identity() {
		if (this.request.user() != null) {
			this.body.put("user", this.request.user());
		}
		if (this.own && !this.request.metadata().isEmpty()) {
			this.body.set("metadata", OpenAiJson.tree(this.request.metadata()));
		}
		else if (!this.request.metadata().isEmpty()) {
			// OpenAI refuses it unless the answer is to be stored, which nobody said.
			this.dropped.add("metadata");
		}
		String tier = this.request.serviceTier();
		if (tier != null && (this.own || SERVICE_TIERS.contains(tier))) {
			this.body.put("service_tier", tier);
		}
		else if (tier != null) {
			this.dropped.add("service_tier");
		}
	}

	private void rest() {
		for (Map.Entry<String, @Nullable Object> field : this.request.rest().entrySet()) {
			String path = field.getKey();
			if (this.own && RestFields.isTopLevel(path)) {
				this.body.set(path, OpenAiJson.tree(field.getValue()));
			}
			else if (!path.equals(RestFields.ORIGIN)) {
				this.dropped.add(path);
			}
		}
	}

}
