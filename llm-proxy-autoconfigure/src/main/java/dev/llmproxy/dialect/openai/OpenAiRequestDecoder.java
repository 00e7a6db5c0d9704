package dev.llmproxy.dialect.openai;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the body of {@code POST /v1/chat/completions} as OpenAI documents it, with the
 * extensions that callers of OpenRouter and LiteLLM are used to: {@code top_k},
 * {@code reasoning}, {@code thinking} and {@code cache_control}.
 */
final class OpenAiRequestDecoder {

	private static final Set<String> UNDERSTOOD = Set.of("model", "stream", "stream_options", "messages", "tools",
			"functions", "tool_choice", "function_call", "parallel_tool_calls", "max_tokens", "max_completion_tokens",
			"temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "seed", "stop", "n",
			"response_format", "reasoning_effort", "reasoning", "thinking", "user", "safety_identifier", "metadata",
			"service_tier");

	private final Place root;

	private final Envelope envelope;

	private final RestFields rest = new RestFields(Dialect.OPENAI);

	private OpenAiRequestDecoder(Place root, Envelope envelope) {
		this.root = root;
		this.envelope = envelope;
	}

	static ChatRequest decode(byte[] body, Envelope envelope) {
		return new OpenAiRequestDecoder(root(body), envelope).decode();
	}

	/** The whole of a request's body. */
	static Place root(byte[] body) {
		JsonNode root;
		try {
			root = OpenAiJson.MAPPER.readTree(body);
		}
		catch (JacksonException ex) {
			throw new InvalidRequestException("The body is not valid JSON.", null);
		}
		if (!root.isObject()) {
			throw new InvalidRequestException("The body must be a JSON object.", null);
		}
		return new Place(root, "");
	}

	static String model(Envelope envelope) {
		String model = envelope.model();
		if (model == null || model.isEmpty()) {
			throw new InvalidRequestException("'model' is missing.", "model");
		}
		return model;
	}

	private ChatRequest decode() {
		ChatRequest.Builder request = ChatRequest.builder(model(this.envelope)).stream(this.envelope.stream());
		request.messages(new OpenAiMessageDecoder(this.rest).decode(this.root.at("messages")));
		new OpenAiToolDecoder(this.rest).decode(this.root, request);
		sampling(request);
		request.responseFormat(responseFormat(this.root.at("response_format")));
		request.reasoning(OpenAiReasoningConfig.decode(this.root, this.rest));
		streamOptions(request);
		identity(request);
		this.rest.addOthers(this.root, UNDERSTOOD);
		this.rest.fields().forEach(request::rest);
		return request.build();
	}

	private void sampling(ChatRequest.Builder request) {
		Integer maxTokens = this.root.at("max_completion_tokens").integerOrNull();
		request.maxTokens((maxTokens != null) ? maxTokens : this.root.at("max_tokens").integerOrNull())
			.topK(this.root.at("top_k").integerOrNull())
			.seed(this.root.at("seed").longOrNull());
		sampling(this.root, request);
	}

	/** What completions and chat completions have in common. */
	static void sampling(Place root, ChatRequest.Builder request) {
		request.temperature(root.at("temperature").numberOrNull())
			.topP(root.at("top_p").numberOrNull())
			.frequencyPenalty(root.at("frequency_penalty").numberOrNull())
			.presencePenalty(root.at("presence_penalty").numberOrNull())
			.stop(stop(root.at("stop")));
		Place n = root.at("n");
		Integer choices = n.integerOrNull();
		if (choices != null) {
			if (choices < 1) {
				throw n.wrong("must be at least 1");
			}
			request.n(choices);
		}
	}

	private static List<String> stop(Place stop) {
		return stop.node().isString() ? List.of(stop.string()) : stop.elements().stream().map(Place::string).toList();
	}

	private void streamOptions(ChatRequest.Builder request) {
		Place options = this.root.at("stream_options");
		if (!options.absent()) {
			request.includeUsage(Boolean.TRUE.equals(options.object().at("include_usage").booleanOrNull()));
			this.rest.addOthers(options, Set.of("include_usage"));
		}
	}

	private void identity(ChatRequest.Builder request) {
		String user = this.root.at("user").stringOrNull();
		Place safetyIdentifier = this.root.at("safety_identifier");
		if (user == null) {
			user = safetyIdentifier.stringOrNull();
		}
		else {
			this.rest.add(safetyIdentifier);
		}
		request.user(user)
			.metadata(metadata(this.root.at("metadata")))
			.serviceTier(this.root.at("service_tier").stringOrNull());
	}

	/** OpenAI has strings only; LiteLLM's callers also send lists of tags. */
	private Map<String, String> metadata(Place metadata) {
		Map<String, String> strings = new LinkedHashMap<>();
		if (metadata.absent()) {
			return strings;
		}
		for (Map.Entry<String, JsonNode> entry : metadata.object().node().properties()) {
			if (entry.getValue().isString()) {
				strings.put(entry.getKey(), entry.getValue().asString());
			}
		}
		this.rest.addOthers(metadata, strings.keySet());
		return strings;
	}

	private @Nullable ResponseFormat responseFormat(Place format) {
		if (format.absent()) {
			return null;
		}
		String type = format.object().at("type").string();
		switch (type) {
			case "text" -> {
				return new ResponseFormat.Text();
			}
			case "json_object" -> {
				return new ResponseFormat.JsonObject();
			}
			case "json_schema" -> {
				return jsonSchema(format.at("json_schema").object());
			}
			default -> {
				this.rest.add(format);
				return null;
			}
		}
	}

	private ResponseFormat jsonSchema(Place schema) {
		String name = schema.at("name").stringOrNull();
		Map<String, @Nullable Object> definition = schema.at("schema").mapOrNull();
		this.rest.addOthers(schema, Set.of("name", "description", "schema", "strict"));
		return new ResponseFormat.JsonSchema((name != null) ? name : "response",
				schema.at("description").stringOrNull(), (definition != null) ? definition : Map.of(),
				schema.at("strict").booleanOrNull());
	}

}
