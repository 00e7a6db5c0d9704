package dev.llmproxy.dialect.gemini;

import java.time.Clock;
import java.time.InstantSource;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
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
 * {@code generateContent} and {@code streamGenerateContent} of the
 * <a href="https://ai.google.dev/api/generate-content">Gemini API</a> and of Vertex AI,
 * in both directions. Streams are server-sent events ({@code alt=sse}); for the API's
 * other form see {@link GeminiArrayFraming}.
 */
public final class GeminiCodec implements InboundCodec, UpstreamCodec {

	private final InstantSource clock;

	public GeminiCodec() {
		this(Clock.systemUTC());
	}

	/** With a clock of one's own: the Gemini API does not tell when it answered. */
	GeminiCodec(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public Dialect dialect() {
		return Dialect.GEMINI;
	}

	@Override
	public ChatRequest decodeRequest(byte[] body, Envelope envelope) {
		return GeminiRequestDecoder.decode(body, envelope);
	}

	@Override
	public byte[] encodeResponse(ChatResponse response) {
		return GeminiResponseEncoder.encode(response);
	}

	@Override
	public StreamEncoder streamEncoder(ChatRequest request) {
		return new GeminiStreamEncoder();
	}

	@Override
	public byte[] encodeError(LlmError error, @Nullable String requestId) {
		return GeminiErrors.encode(error, requestId);
	}

	@Override
	public byte[] encodeStreamError(LlmError error, @Nullable String requestId) {
		return SseWriter.data(GeminiErrors.encode(error, requestId));
	}

	@Override
	public EncodedRequest encodeRequest(ChatRequest request) {
		return GeminiRequestEncoder.encode(request);
	}

	@Override
	public ChatResponse decodeResponse(byte[] body) {
		return GeminiResponseDecoder.decode(body, this.clock);
	}

	@Override
	public StreamDecoder streamDecoder() {
		return new GeminiStreamDecoder(this.clock);
	}

	@Override
	public LlmError decodeError(int status, byte[] body) {
		return GeminiErrors.decode(status, body);
	}

	@Override
	public WholeInspection inspect(byte[] body) {
		Usage usage = GeminiUsage.search(body);
		if (usage != null) {
			return new WholeInspection(usage, GeminiFinish.find(body), null);
		}
		LlmError error = GeminiErrors.find(body);
		return (error != null) ? new WholeInspection(null, null, error) : WholeInspection.NOTHING;
	}

	@Override
	public StreamInspector streamInspector() {
		return new GeminiStreamInspector();
	}

}
