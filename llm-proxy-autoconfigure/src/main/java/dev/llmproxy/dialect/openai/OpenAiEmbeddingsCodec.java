package dev.llmproxy.dialect.openai;

import java.util.List;
import java.util.stream.Stream;

import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.Envelope;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI Embeddings, in both directions. Stateless and thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings">API
 * reference</a>
 */
public final class OpenAiEmbeddingsCodec implements EmbeddingsCodec {

	@Override
	public Dialect dialect() {
		return Dialect.OPENAI;
	}

	/**
	 * Reads a request; tokens instead of text are refused, because only the model that
	 * they were made for can read them.
	 */
	@Override
	public EmbeddingsRequest decodeRequest(byte[] body, Envelope envelope) {
		Place root = OpenAiRequestDecoder.root(body);
		Place dimensions = root.at("dimensions");
		Integer length = dimensions.integerOrNull();
		if (length != null && length < 1) {
			throw dimensions.wrong("must be at least 1");
		}
		// Not OpenAI's: what Vertex AI's callers of LiteLLM use.
		return new EmbeddingsRequest(OpenAiRequestDecoder.model(envelope), inputs(root.at("input")), length,
				root.at("user").stringOrNull(), root.at("task_type").stringOrNull(),
				isBase64(root.at("encoding_format")));
	}

	private static List<String> inputs(Place input) {
		if (input.node().isString()) {
			return List.of(input.string());
		}
		if (!input.node().isArray() || input.node().isEmpty()) {
			throw input.wrong("must be a string or an array of strings");
		}
		if (!input.node().get(0).isString()) {
			throw input.wrong("must be text here: tokens can't be read without the model's own tokenizer");
		}
		return input.elements().stream().map(Place::string).toList();
	}

	private static boolean isBase64(Place format) {
		if (format.absent()) {
			return false;
		}
		return switch (format.string()) {
			case "float" -> false;
			case "base64" -> true;
			default -> throw format.wrong("must be 'float' or 'base64'");
		};
	}

	@Override
	public byte[] encodeRequest(EmbeddingsRequest request) {
		ObjectNode body = OpenAiJson.MAPPER.createObjectNode().put("model", request.model());
		ArrayNode input = body.putArray("input");
		request.inputs().forEach(input::add);
		if (request.dimensions() != null) {
			body.put("dimensions", request.dimensions());
		}
		body.put("encoding_format", request.base64() ? "base64" : "float");
		if (request.user() != null) {
			body.put("user", request.user());
		}
		return OpenAiJson.bytes(body);
	}

	@Override
	public EmbeddingsResponse decodeResponse(byte[] body) {
		JsonNode root = OpenAiJson.readNumbers(body, "an answer");
		JsonNode data = root.path("data");
		if (!data.isArray() || data.isEmpty()) {
			throw new DecodingException("an answer without embeddings");
		}
		float[][] vectors = new float[data.size()][];
		int position = 0;
		for (JsonNode element : data) {
			int index = element.path("index").asInt(position++);
			if (index < 0 || index >= vectors.length || vectors[index] != null) {
				throw new DecodingException("embeddings with wrong indexes");
			}
			vectors[index] = Vectors.read(element.path("embedding"));
		}
		return new EmbeddingsResponse(root.path("model").asString(""), Stream.of(vectors).toList(),
				OpenAiUsage.of(root.path("usage")));
	}

	@Override
	public byte[] encodeResponse(EmbeddingsResponse response, EmbeddingsRequest request) {
		ObjectNode body = OpenAiJson.MAPPER.createObjectNode().put("object", "list");
		ArrayNode data = body.putArray("data");
		for (float[] vector : response.embeddings()) {
			ObjectNode element = data.addObject().put("object", "embedding").put("index", data.size() - 1);
			element.set("embedding", Vectors.write(vector, request.base64()));
		}
		body.put("model", response.model().isEmpty() ? request.model() : response.model());
		// OpenAI's SDKs fail without it, even where nobody counted.
		Usage usage = (response.usage() != null) ? response.usage() : Usage.of(0, 0);
		body.putObject("usage").put("prompt_tokens", usage.inputTokens()).put("total_tokens", usage.totalTokens());
		return OpenAiJson.bytes(body);
	}

}
