package dev.llmproxy.dialect.openai;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.UpstreamCodec;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.dialect.framing.SseWriter;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI Completions, the older text-in text-out form. Towards callers it translates: the
 * prompt becomes messages of a user. Towards providers it only reads: a request reaches
 * them as the bytes that the caller sent, or not at all, because a conversation has no
 * faithful form as one text. Stateless and thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/completions">API
 * reference</a>
 */
public final class CompletionsCodec implements InboundCodec, UpstreamCodec {

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

	@Override
	public byte[] encodeError(LlmError error, @Nullable String requestId) {
		return OpenAiErrors.encode(error, requestId);
	}

	@Override
	public byte[] encodeStreamError(LlmError error, @Nullable String requestId) {
		return SseWriter.data(OpenAiErrors.encode(error, requestId));
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

	@Override
	public ChatResponse decodeResponse(byte[] body) {
		return OpenAiResponseDecoder.decode(body);
	}

	@Override
	public StreamDecoder streamDecoder() {
		return new OpenAiStreamDecoder();
	}

	@Override
	public LlmError decodeError(int status, byte[] body) {
		return OpenAiErrors.decode(status, body);
	}

	@Override
	public WholeInspection inspect(byte[] body) {
		return OpenAiInspection.of(body);
	}

	@Override
	public StreamInspector streamInspector() {
		return new OpenAiStreamInspector();
	}

}
