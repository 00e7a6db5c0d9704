package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.Envelope;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code embedContent} and {@code batchEmbedContents} of the
 * <a href="https://ai.google.dev/api/embeddings">Gemini API</a>. Callers may use both,
 * providers are always asked for a batch. An answer with one vector has it in both
 * places, since the canonical request does not tell the two calls apart.
 */
public final class GeminiEmbeddingsCodec implements EmbeddingsCodec {

	private static final Set<String> TASK_TYPES = Set.of("RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY",
			"CLASSIFICATION", "CLUSTERING", "QUESTION_ANSWERING", "FACT_VERIFICATION", "CODE_RETRIEVAL_QUERY");

	@Override
	public Dialect dialect() {
		return Dialect.GEMINI;
	}

	@Override
	public EmbeddingsRequest decodeRequest(byte[] body, Envelope envelope) {
		return GeminiEmbeddingsDecoder.decode(body, envelope);
	}

	@Override
	public byte[] encodeRequest(EmbeddingsRequest request) {
		ObjectNode body = GeminiJson.object();
		ArrayNode requests = body.putArray("requests");
		String task = (request.taskType() != null) ? request.taskType().toUpperCase(Locale.ROOT) : "";
		for (String input : request.inputs()) {
			ObjectNode one = requests.addObject().put("model", GeminiTokenCountCodec.resource(request.model()));
			one.putObject("content").putArray("parts").addObject().put("text", input);
			if (TASK_TYPES.contains(task)) {
				one.put("taskType", task);
			}
			if (request.dimensions() != null) {
				one.put("outputDimensionality", request.dimensions());
			}
		}
		return GeminiJson.bytes(body);
	}

	@Override
	public EmbeddingsResponse decodeResponse(byte[] body) {
		try {
			JsonNode root = GeminiJson.MAPPER.readTree(body);
			List<float[]> vectors = new ArrayList<>();
			for (JsonNode embedding : root.path("embeddings")) {
				vectors.add(vector(embedding));
			}
			if (vectors.isEmpty()) {
				vectors.add(vector(root.path("embedding")));
			}
			JsonNode usage = root.path("usageMetadata");
			return new EmbeddingsResponse(GeminiAnswers.model(root), vectors,
					usage.has("promptTokenCount") ? Usage.of(usage.path("promptTokenCount").asLong(0), 0) : null);
		}
		catch (JacksonException ex) {
			throw new DecodingException("it is not JSON");
		}
	}

	private static float[] vector(JsonNode embedding) {
		JsonNode values = embedding.path("values");
		if (!values.isArray()) {
			throw new DecodingException("an embedding has no values");
		}
		float[] vector = new float[values.size()];
		for (int i = 0; i < vector.length; i++) {
			JsonNode value = values.get(i);
			if (!value.isNumber()) {
				throw new DecodingException("an embedding's value is not a number");
			}
			vector[i] = value.floatValue();
		}
		return vector;
	}

	@Override
	public byte[] encodeResponse(EmbeddingsResponse response, EmbeddingsRequest request) {
		ObjectNode body = GeminiJson.object();
		if (response.embeddings().size() == 1) {
			write(response.embeddings().get(0), body.putObject("embedding"));
		}
		ArrayNode embeddings = body.putArray("embeddings");
		response.embeddings().forEach((vector) -> write(vector, embeddings.addObject()));
		if (response.usage() != null) {
			body.putObject("usageMetadata").put("promptTokenCount", response.usage().inputTokens());
		}
		return GeminiJson.bytes(body);
	}

	private static void write(float[] vector, ObjectNode embedding) {
		ArrayNode values = embedding.putArray("values");
		for (float value : vector) {
			values.add(value);
		}
	}

}
