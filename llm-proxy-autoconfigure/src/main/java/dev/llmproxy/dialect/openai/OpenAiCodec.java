package dev.llmproxy.dialect.openai;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.UpstreamCodec;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.dialect.framing.SseWriter;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI Chat Completions, in both directions, as OpenAI and the many vendors that
 * imitate it speak it. Stateless and thread-safe.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">API reference</a>
 */
public final class OpenAiCodec implements InboundCodec, UpstreamCodec {

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
	public byte[] encodeError(LlmError error, @Nullable String requestId) {
		return OpenAiErrors.encode(error, requestId);
	}

	@Override
	public byte[] encodeStreamError(LlmError error, @Nullable String requestId) {
		return SseWriter.data(OpenAiErrors.encode(error, requestId));
	}

	@Override
	public EncodedRequest encodeRequest(ChatRequest request) {
		return OpenAiRequestEncoder.encode(request);
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
