package dev.llmproxy.dialect.anthropic;

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
 * Anthropic Messages, in both directions.
 * <p>
 * The API demands {@code max_tokens}. A request that crosses without one gets 4,096, or
 * 16,384 where the model thinks, as thoughts count towards it; a budget for thoughts is
 * always below it. A request of a caller may lack it, as one to count tokens does: then
 * {@link ChatRequest#maxTokens()} is {@code null}.
 * <p>
 * What a model takes depends on its generation, which the codec tells by the name; what
 * it would refuse is left out and named. Stateless and thread-safe.
 */
public final class AnthropicCodec implements InboundCodec, UpstreamCodec {

	@Override
	public Dialect dialect() {
		return Dialect.ANTHROPIC;
	}

	@Override
	public ChatRequest decodeRequest(byte[] body, Envelope envelope) {
		return new AnthropicRequestDecoder().decode(body, envelope);
	}

	@Override
	public byte[] encodeResponse(ChatResponse response) {
		return AnthropicResponseEncoder.encode(response);
	}

	@Override
	public StreamEncoder streamEncoder(ChatRequest request) {
		return new AnthropicStreamEncoder(request.model());
	}

	@Override
	public byte[] encodeError(LlmError error, @Nullable String requestId) {
		return AnthropicErrors.encode(error, requestId);
	}

	@Override
	public byte[] encodeStreamError(LlmError error, @Nullable String requestId) {
		return SseWriter.event("error", AnthropicErrors.encode(error, requestId));
	}

	@Override
	public EncodedRequest encodeRequest(ChatRequest request) {
		return new AnthropicRequestEncoder(request).encode();
	}

	@Override
	public ChatResponse decodeResponse(byte[] body) {
		return AnthropicResponseDecoder.decode(body);
	}

	@Override
	public StreamDecoder streamDecoder() {
		return new AnthropicStreamDecoder();
	}

	@Override
	public LlmError decodeError(int status, byte[] body) {
		return AnthropicErrors.decode(status, body);
	}

	@Override
	public WholeInspection inspect(byte[] body) {
		return AnthropicInspection.inspect(body);
	}

	@Override
	public StreamInspector streamInspector() {
		return new AnthropicStreamInspector();
	}

}
