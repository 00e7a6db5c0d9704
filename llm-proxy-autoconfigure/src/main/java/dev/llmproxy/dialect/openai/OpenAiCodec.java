package dev.llmproxy.dialect.openai;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.StreamEncoder;

/**
 * OpenAI Chat Completions, in both directions, as OpenAI and the many vendors that
 * imitate it speak it. Stateless and thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">API reference</a>
 */
public final class OpenAiCodec extends OpenAiAnswers {

	@Override
	public Dialect dialect() {
		return Dialect.OPENAI;
	}

	@Override
	public ChatRequest decodeRequest(byte[] body, Envelope envelope) {
		return OpenAiRequestDecoder.decode(body, envelope);
	}

	@Override
	public byte[] encodeResponse(ChatResponse response) {
		return OpenAiResponseEncoder.encode(response);
	}

	@Override
	public StreamEncoder streamEncoder(ChatRequest request) {
		return new OpenAiStreamEncoder(request);
	}

	@Override
	public EncodedRequest encodeRequest(ChatRequest request) {
		return OpenAiRequestEncoder.encode(request);
	}

}
