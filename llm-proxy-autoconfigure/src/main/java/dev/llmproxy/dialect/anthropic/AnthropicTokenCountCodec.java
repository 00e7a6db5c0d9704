package dev.llmproxy.dialect.anthropic;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.TokenCountCodec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Anthropic's {@code /v1/messages/count_tokens}: a request for a message without what
 * bears on generation only, answered by {@code {"input_tokens":n}}. Stateless and
 * thread-safe.
 */
public final class AnthropicTokenCountCodec implements TokenCountCodec {

	private static final String INPUT_TOKENS = "input_tokens";

	@Override
	public Dialect dialect() {
		return Dialect.ANTHROPIC;
	}

	@Override
	public byte[] encodeCountRequest(ChatRequest request) {
		return new AnthropicRequestEncoder(request).encodeCount();
	}

	@Override
	public long decodeCountResponse(byte[] body) {
		ObjectNode answer = AnthropicJson.parseObject(body);
		JsonNode tokens = (answer != null) ? answer.path(INPUT_TOKENS) : AnthropicJson.object();
		if (!tokens.isIntegralNumber() || !tokens.canConvertToLong() || tokens.longValue() < 0) {
			throw new DecodingException("an answer that is not a count of tokens");
		}
		return tokens.longValue();
	}

	@Override
	public byte[] encodeCountResponse(long inputTokens) {
		return AnthropicJson.bytes(AnthropicJson.object().put(INPUT_TOKENS, inputTokens));
	}

}
