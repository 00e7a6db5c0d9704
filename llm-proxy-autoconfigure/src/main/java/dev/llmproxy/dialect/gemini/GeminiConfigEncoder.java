package dev.llmproxy.dialect.gemini;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ResponseFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code generationConfig}. */
final class GeminiConfigEncoder {

	/** By the reference of {@code GenerationConfig.stopSequences}. */
	private static final int MOST_STOP_SEQUENCES = 5;

	private GeminiConfigEncoder() {
	}

	static void write(ChatRequest request, GeminiModel model, ObjectNode body, GeminiDropped dropped) {
		ObjectNode config = GeminiJson.object();
		if (request.temperature() != null) {
			config.put("temperature", request.temperature());
		}
		if (request.topP() != null) {
			config.put("topP", request.topP());
		}
		if (request.topK() != null) {
			config.put("topK", request.topK());
		}
		if (request.maxTokens() != null) {
			config.put("maxOutputTokens", request.maxTokens());
		}
		if (request.n() > 1) {
			config.put("candidateCount", request.n());
		}
		stop(request.stop(), config, dropped);
		seed(request, config, dropped);
		if (request.presencePenalty() != null) {
			config.put("presencePenalty", request.presencePenalty());
		}
		if (request.frequencyPenalty() != null) {
			config.put("frequencyPenalty", request.frequencyPenalty());
		}
		format(request.responseFormat(), config, dropped);
		if (request.reasoning() != null) {
			ObjectNode thinking = GeminiThinking.encode(request.reasoning(), model, dropped);
			if (thinking != null) {
				config.set("thinkingConfig", thinking);
			}
		}
		if (!config.isEmpty()) {
			body.set("generationConfig", config);
		}
	}

	private static void stop(List<String> sequences, ObjectNode config, GeminiDropped dropped) {
		if (sequences.isEmpty()) {
			return;
		}
		ArrayNode stop = config.putArray("stopSequences");
		for (int i = 0; i < sequences.size(); i++) {
			if (i < MOST_STOP_SEQUENCES) {
				stop.add(sequences.get(i));
			}
			else {
				dropped.add("stop[" + i + "]");
			}
		}
	}

	/** The API's seed has 32 bits. */
	private static void seed(ChatRequest request, ObjectNode config, GeminiDropped dropped) {
		Long seed = request.seed();
		if (seed == null) {
			return;
		}
		if (seed.intValue() == seed) {
			config.put("seed", seed.intValue());
		}
		else {
			dropped.add("seed");
		}
	}

	private static void format(@Nullable ResponseFormat format, ObjectNode config, GeminiDropped dropped) {
		if (format instanceof ResponseFormat.JsonObject) {
			config.put("responseMimeType", "application/json");
		}
		else if (format instanceof ResponseFormat.JsonSchema schema) {
			config.put("responseMimeType", "application/json");
			config.set("responseJsonSchema", GeminiJson.tree(GeminiSchemas.forGemini(schema.schema())));
			dropped.addIf(schema.description() != null, "response_format.description");
		}
	}

}
