package dev.llmproxy.dialect.responses;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/**
 * Reads requests, those for a token count included. What has no canonical place is kept
 * by its name, apart from what only repeats the default.
 */
final class RequestDecoder {

	/** Marks {@link ChatRequest#rest()} with the dialect whose words it uses. */
	static final String ORIGIN = "$dialect";

	private static final Set<String> READ = Set.of("model", "input", "instructions", "stream", "max_output_tokens",
			"temperature", "top_p", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning", "include",
			"metadata", "user", "safety_identifier", "service_tier", "store", "truncation", "top_logprobs",
			"stream_options", "background", "previous_response_id", "conversation", "prompt");

	private static final Set<String> TEXT = Set.of("format");

	private static final Set<String> REASONING = Set.of("effort", "summary", "generate_summary");

	private static final String ENCRYPTED = "reasoning.encrypted_content";

	private final Fields request;

	private final ChatRequest.Builder builder;

	private RequestDecoder(Fields request, ChatRequest.Builder builder) {
		this.request = request;
		this.builder = builder;
	}

	static ChatRequest decode(byte[] body, Envelope envelope) {
		String model = envelope.model();
		if (model == null) {
			throw new InvalidRequestException("'model' is required.", "model");
		}
		Fields request = Fields.of(ResponsesJson.parseRequest(body), "");
		ChatRequest.Builder builder = ChatRequest.builder(model).stream(envelope.stream()).includeUsage(true);
		return new RequestDecoder(request, builder).decode();
	}

	private ChatRequest decode() {
		Statefulness.refuse(this.request);
		this.builder.rest(ORIGIN, Dialect.RESPONSES.name());
		this.request.keepRest(READ, this.builder);
		this.builder.messages(new InputDecoder(this.builder).read(this.request));
		new ToolsDecoder(this.builder).read(this.request);
		this.builder.parallelToolCalls(this.request.bool("parallel_tool_calls"))
			.maxTokens(this.request.positive("max_output_tokens"))
			.temperature(this.request.number("temperature"))
			.topP(this.request.number("top_p"))
			.serviceTier(this.request.string("service_tier"));
		text();
		reasoning();
		include();
		metadata();
		user();
		keepUnlessDefault();
		return this.builder.build();
	}

	private void text() {
		Fields text = this.request.object("text");
		if (text == null) {
			return;
		}
		text.keepRest(TEXT, this.builder);
		Fields format = text.object("format");
		if (format == null) {
			return;
		}
		this.builder.responseFormat(switch (format.requiredString("type")) {
			case "text" -> new ResponseFormat.Text();
			case "json_object" -> new ResponseFormat.JsonObject();
			case "json_schema" -> schema(format);
			default -> throw format.mustBe("type", "text, json_object or json_schema");
		});
	}

	private static ResponseFormat schema(Fields format) {
		Fields schema = format.object("schema");
		if (schema == null) {
			throw format.mustBe("schema", "a JSON Schema");
		}
		return new ResponseFormat.JsonSchema(format.requiredString("name"), format.string("description"),
				ResponsesJson.plainObject(schema.object()), format.bool("strict"));
	}

	private void reasoning() {
		Fields reasoning = this.request.object("reasoning");
		if (reasoning == null) {
			return;
		}
		reasoning.keepRest(REASONING, this.builder);
		String effort = reasoning.string("effort");
		String summary = reasoning.string("summary");
		if (summary == null) {
			summary = reasoning.string("generate_summary");
		}
		if (effort != null || summary != null) {
			this.builder.reasoning(new ReasoningConfig(null, effort, null, summary));
		}
	}

	/** Encrypted thoughts are always told, so to ask for them needs no place. */
	private void include() {
		JsonNode include = this.request.array("include");
		List<Object> others = new ArrayList<>();
		for (int i = 0; i < include.size(); i++) {
			if (!include.path(i).isString()) {
				throw this.request.mustBe("include[" + i + "]", "a string");
			}
			if (!ENCRYPTED.equals(include.path(i).asString())) {
				others.add(include.path(i).asString());
			}
		}
		if (!others.isEmpty()) {
			this.builder.rest("include", others);
		}
	}

	private void metadata() {
		Fields metadata = this.request.object("metadata");
		if (metadata == null) {
			return;
		}
		Map<String, String> values = new LinkedHashMap<>();
		metadata.object().propertyNames().forEach((name) -> {
			String value = metadata.string(name);
			if (value != null) {
				values.put(name, value);
			}
		});
		this.builder.metadata(values);
	}

	/** OpenAI is replacing the first by the second. */
	private void user() {
		String user = this.request.string("user");
		String safetyIdentifier = this.request.string("safety_identifier");
		if (user == null) {
			this.builder.user(safetyIdentifier);
		}
		else {
			this.builder.user(user);
			if (safetyIdentifier != null) {
				this.builder.rest("safety_identifier", safetyIdentifier);
			}
		}
	}

	private void keepUnlessDefault() {
		if (Boolean.TRUE.equals(this.request.bool("store"))) {
			this.builder.rest("store", true);
		}
		String truncation = this.request.string("truncation");
		if (truncation != null && !truncation.equals("disabled")) {
			this.builder.rest("truncation", truncation);
		}
		JsonNode logprobs = this.request.get("top_logprobs");
		if (!logprobs.isMissingNode() && logprobs.asInt(1) != 0) {
			this.builder.rest("top_logprobs", ResponsesJson.plain(logprobs));
		}
		Fields streamOptions = this.request.object("stream_options");
		if (streamOptions != null && Boolean.TRUE.equals(streamOptions.bool("include_obfuscation"))) {
			this.builder.rest("stream_options", ResponsesJson.plain(streamOptions.object()));
		}
	}

}
