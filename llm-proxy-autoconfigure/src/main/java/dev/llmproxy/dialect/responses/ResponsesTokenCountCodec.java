package dev.llmproxy.dialect.responses;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.TokenCountCodec;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's {@code POST /v1/responses/input_tokens}. Stateless and thread-safe.
 *
 * @see <a href=
 * "https://developers.openai.com/api/reference/resources/responses/subresources/input_tokens/methods/count">API
 * reference of input token counts</a>
 */
public final class ResponsesTokenCountCodec implements TokenCountCodec {

	@Override
	public Dialect dialect() {
		return Dialect.RESPONSES;
	}

	@Override
	public byte[] encodeCountRequest(ChatRequest request) {
		return RequestEncoder.encodeCount(request);
	}

	@Override
	public long decodeCountResponse(byte[] body) {
		JsonNode tokens = ResponsesJson.parseObject(body, "a token count").path("input_tokens");
		if (!tokens.isIntegralNumber() || tokens.asLong(-1) < 0) {
			throw new DecodingException("a token count without 'input_tokens'");
		}
		return tokens.asLong();
	}

	@Override
	public byte[] encodeCountResponse(long inputTokens) {
		return ResponsesJson
			.write(ResponsesJson.object().put("object", "response.input_tokens").put("input_tokens", inputTokens));
	}

}
