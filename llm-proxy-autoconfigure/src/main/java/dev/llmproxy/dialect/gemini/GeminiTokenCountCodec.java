package dev.llmproxy.dialect.gemini;

import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.TokenCountCodec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code countTokens} of the <a href="https://ai.google.dev/api/tokens">Gemini API</a>:
 * of contents alone, which Vertex AI takes too, or of a whole
 * {@code generateContentRequest} where there are instructions or tools. A caller's
 * question is decoded by {@link GeminiCodec}, which knows both forms.
 */
public final class GeminiTokenCountCodec implements TokenCountCodec {

	private static final Set<String> PROMPT = Set.of("systemInstruction", "contents", "tools", "toolConfig",
			"cachedContent");

	@Override
	public Dialect dialect() {
		return Dialect.GEMINI;
	}

	@Override
	public byte[] encodeCountRequest(ChatRequest request) {
		ObjectNode prompt = GeminiRequestEncoder.body(request, new GeminiDropped()).retain(PROMPT);
		if (prompt.size() == 1) {
			return GeminiJson.bytes(prompt);
		}
		ObjectNode question = GeminiJson.object();
		question.putObject("generateContentRequest").put("model", resource(request.model())).setAll(prompt);
		return GeminiJson.bytes(question);
	}

	/** The name that repeats the path's model in a body. */
	static String resource(String model) {
		return (model.indexOf('/') < 0) ? "models/" + model : model;
	}

	@Override
	public long decodeCountResponse(byte[] body) {
		try {
			JsonNode total = GeminiJson.MAPPER.readTree(body).path("totalTokens");
			if (total.canConvertToLong() && total.asLong() >= 0) {
				return total.asLong();
			}
		}
		catch (JacksonException ex) {
			// Answered below.
		}
		throw new DecodingException("it is not a count of tokens");
	}

	@Override
	public byte[] encodeCountResponse(long inputTokens) {
		return GeminiJson.bytes(GeminiJson.object().put("totalTokens", inputTokens));
	}

}
