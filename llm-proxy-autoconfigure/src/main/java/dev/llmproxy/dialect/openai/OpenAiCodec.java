package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;

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

/** OpenAI Chat Completions, in both directions. */
public final class OpenAiCodec implements InboundCodec, UpstreamCodec {

	@Override
	public Dialect dialect() {
		return Dialect.OPENAI;
	}

	@Override
	public ChatRequest decodeRequest(byte[] body, Envelope envelope) {
		throw new UnsupportedOperationException();
	}

	@Override
	public byte[] encodeResponse(ChatResponse response) {
		throw new UnsupportedOperationException();
	}

	@Override
	public StreamEncoder streamEncoder(ChatRequest request) {
		throw new UnsupportedOperationException();
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
		throw new UnsupportedOperationException();
	}

	@Override
	public ChatResponse decodeResponse(byte[] body) {
		throw new UnsupportedOperationException();
	}

	@Override
	public StreamDecoder streamDecoder() {
		throw new UnsupportedOperationException();
	}

	@Override
	public LlmError decodeError(int status, byte[] body) {
		return OpenAiErrors.decode(status, body);
	}

	@Override
	public WholeInspection inspect(byte[] body) {
		ByteBuffer bytes = ByteBuffer.wrap(body);
		int usage = OpenAiUsage.find(bytes, 0, body.length);
		return (usage < 0) ? WholeInspection.NOTHING
				: new WholeInspection(OpenAiUsage.read(bytes, usage, body.length), null);
	}

	@Override
	public StreamInspector streamInspector() {
		return new OpenAiStreamInspector();
	}

}
