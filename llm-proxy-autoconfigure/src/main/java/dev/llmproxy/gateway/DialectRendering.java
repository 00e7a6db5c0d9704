package dev.llmproxy.gateway;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.StreamEncoder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/**
 * Answers of chats as bytes of the dialect they were asked in. Bytes that are in it
 * already pass; everything else is converted explicitly. Thread-safe.
 */
public final class DialectRendering {

	private final Codecs codecs;

	private final BodyConversion conversion;

	public DialectRendering(Codecs codecs) {
		this.codecs = codecs;
		this.conversion = new BodyConversion(codecs);
	}

	/** The answer to a request that asked for a whole one. */
	public Mono<byte[]> whole(LlmRequest request, ResponseBody body) {
		if (body instanceof ResponseBody.Json json && json.dialect().equals(request.dialect())) {
			return Mono.just(json.bytes());
		}
		InboundCodec codec = this.codecs.inbound(request.dialect());
		return this.conversion.whole(body)
			.map((whole) -> codec.encodeResponse(whole.model().isEmpty() ? named(whole, request.model()) : whole));
	}

	/** The frames of an answer to a request that asked for a stream. */
	public Flux<DataBuffer> stream(LlmRequest request, ResponseBody body, DataBufferFactory buffers) {
		InboundCodec codec = this.codecs.inbound(request.dialect());
		if (body instanceof ResponseBody.Wire wire && wire.dialect().equals(request.dialect())
				&& wire.framing() == Framing.SSE) {
			return wire.content().onErrorResume((failure) -> Mono.just(error(codec, request, failure, buffers)));
		}
		StreamEncoder encoder = codec.streamEncoder(request.chat());
		return this.conversion.events(body)
			.map((event) -> encoder.encode(named(event, request.model())))
			.concatWith(Mono.fromSupplier(encoder::end))
			.filter((bytes) -> bytes.length > 0)
			.map(buffers::wrap);
	}

	/** For providers that don't say which model answered. */
	private static ChatResponse named(ChatResponse response, String model) {
		return new ChatResponse(response.id(), model, response.created(), response.choices(), response.usage(),
				response.serviceTier());
	}

	private static ChatEvent named(ChatEvent event, String model) {
		return (event instanceof ChatEvent.Started started && started.model().isEmpty())
				? new ChatEvent.Started(started.id(), model, started.created()) : event;
	}

	/** A failure in the middle, as the dialect tells it. */
	private static DataBuffer error(InboundCodec codec, LlmRequest request, Throwable failure,
			DataBufferFactory buffers) {
		ChatEvent.Failed failed = BodyConversion.failed(failure);
		return buffers.wrap(codec.encodeStreamError(failed.error(), request.id()));
	}

}
