package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code generationConfig}; for one request. */
final class GeminiConfigDecoder {

	private static final String JSON = "application/json";

	private final ChatRequest.Builder request;

	private final GeminiLeftovers rest;

	private @Nullable JsonNode mimeType;

	private @Nullable JsonNode openApiSchema;

	private @Nullable JsonNode jsonSchema;

	GeminiConfigDecoder(ChatRequest.Builder request, GeminiLeftovers rest) {
		this.request = request;
		this.rest = rest;
	}

	void decode(JsonNode config, String path) {
		GeminiJson.members(config, path, (name, value) -> member(name, value, GeminiJson.join(path, name)));
		format(path);
	}

	private void member(String name, JsonNode value, String path) {
		switch (name) {
			case "temperature" -> this.request.temperature(GeminiJson.number(value, path));
			case "topP" -> this.request.topP(GeminiJson.number(value, path));
			case "topK" -> this.request.topK(GeminiJson.integer(value, path));
			case "maxOutputTokens" -> this.request.maxTokens(GeminiJson.integer(value, path));
			case "stopSequences" -> this.request.stop(texts(value, path));
			case "candidateCount" -> this.request.n(count(value, path));
			case "seed" -> this.request.seed((long) GeminiJson.integer(value, path));
			case "presencePenalty" -> this.request.presencePenalty(GeminiJson.number(value, path));
			case "frequencyPenalty" -> this.request.frequencyPenalty(GeminiJson.number(value, path));
			case "thinkingConfig" -> this.request.reasoning(GeminiThinking.decode(value, path, this.rest));
			case "responseMimeType" -> this.mimeType = value;
			case "responseSchema" -> this.openApiSchema = value;
			case "responseJsonSchema", "_responseJsonSchema" -> this.jsonSchema = value;
			default -> this.rest.add(path, value);
		}
	}

	private static List<String> texts(JsonNode node, String path) {
		if (!node.isArray()) {
			throw new InvalidRequestException("An array of strings is expected here.", path);
		}
		List<String> texts = new ArrayList<>(node.size());
		node.values().forEach((text) -> texts.add(GeminiJson.text(text, path + "[" + texts.size() + "]")));
		return texts;
	}

	private static int count(JsonNode value, String path) {
		int count = GeminiJson.integer(value, path);
		if (count < 1) {
			throw new InvalidRequestException("At least 1 is expected here.", path);
		}
		return count;
	}

	private void format(String path) {
		String type = (this.mimeType != null) ? GeminiJson.text(this.mimeType, path + ".responseMimeType") : JSON;
		if (!type.equals(JSON)) {
			// Such as text/x.enum, which nobody else has.
			keep(path, "responseMimeType", this.mimeType);
			keep(path, "responseSchema", this.openApiSchema);
			keep(path, "responseJsonSchema", this.jsonSchema);
			return;
		}
		if (this.jsonSchema != null && this.openApiSchema != null) {
			throw new InvalidRequestException("Only one schema may be given.", path + ".responseJsonSchema");
		}
		if (this.jsonSchema != null && !this.jsonSchema.isObject()) {
			throw new InvalidRequestException("A JSON schema is expected here.", path + ".responseJsonSchema");
		}
		if (this.jsonSchema != null) {
			schema(GeminiJson.plainObject(this.jsonSchema));
		}
		else if (this.openApiSchema != null) {
			schema(GeminiSchemas.fromOpenApi(this.openApiSchema, path + ".responseSchema"));
		}
		else if (this.mimeType != null) {
			this.request.responseFormat(new ResponseFormat.JsonObject());
		}
	}

	private void schema(Map<String, @Nullable Object> schema) {
		this.request.responseFormat(new ResponseFormat.JsonSchema("response", null, schema, null));
	}

	private void keep(String path, String name, @Nullable JsonNode value) {
		if (value != null) {
			this.rest.add(GeminiJson.join(path, name), value);
		}
	}

}
