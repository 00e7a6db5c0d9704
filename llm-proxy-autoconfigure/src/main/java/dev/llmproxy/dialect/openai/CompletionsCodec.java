package dev.llmproxy.dialect.openai;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.StreamEncoder;

/**
 * OpenAI Completions, the older text-in text-out form. Towards callers it translates: the
 * prompt becomes messages of a user. Towards providers it only reads: a request reaches
 * them as the bytes that the caller sent, or not at all, because a conversation has no
 * faithful form as one text. Stateless and thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/completions">API
 * reference</a>
 */
public final class CompletionsCodec extends OpenAiAnswers {

	@Override
	public Dialect dialect() {
		return Dialect.COMPLETIONS;
	}

	@Override
	public ChatRequest decodeRequest(byte[] body, Envelope envelope) {
		return CompletionsRequestDecoder.decode(body, envelope);
	}

	@Override
	public byte[] encodeResponse(ChatResponse response) {
		return CompletionsResponseEncoder.encode(response);
	}

	@Override
	public StreamEncoder streamEncoder(ChatRequest request) {
		return new CompletionsStreamEncoder(request);
	}

	/**
	 * Always refuses.
	 * @throws InvalidRequestException because only unchanged requests can be passed on
	 */
	@Override
	public EncodedRequest encodeRequest(ChatRequest request) {
		throw new InvalidRequestException("The provider of '" + request.model()
				+ "' takes completions only as the caller wrote them, and this request was changed on the way. "
				+ "Send it as a chat completion.", null);
	}

}
