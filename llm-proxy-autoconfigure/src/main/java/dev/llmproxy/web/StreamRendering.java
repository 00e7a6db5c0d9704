package dev.llmproxy.web;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.ResponseBody;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;

/** One streamed answer as the frames of the caller's dialect. */
final class StreamRendering {

	private final InboundCodec codec;

	private final BodyConversion conversion;

	private final LlmRequest request;

	private final DataBufferFactory buffers;

	StreamRendering(Codecs codecs, BodyConversion conversion, LlmRequest request, DataBufferFactory buffers) {
		this.codec = codecs.inbound(request.dialect());
		this.conversion = conversion;
		this.request = request;
		this.buffers = buffers;
	}

	Flux<DataBuffer> render(ResponseBody body) {
		if (body instanceof ResponseBody.Wire wire && wire.dialect().equals(this.request.dialect())
				&& wire.framing() == Framing.SSE) {
			return wire.content().onErrorResume((failure) -> Mono.just(error(failure)));
		}
		StreamEncoder encoder = this.codec.streamEncoder(this.request.chat());
		return this.conversion.events(body)
			.map((event) -> encoder.encode(named(event)))
			.concatWith(Mono.fromSupplier(encoder::end))
			.filter((bytes) -> bytes.length > 0)
			.map(this.buffers::wrap);
	}

	/** For providers that don't say which model answers. */
	private ChatEvent named(ChatEvent event) {
		return (event instanceof ChatEvent.Started started && started.model().isEmpty())
				? new ChatEvent.Started(started.id(), this.request.model(), started.created()) : event;
	}

	/** A failure in the middle, as the dialect tells it. */
	private DataBuffer error(Throwable failure) {
		ChatEvent.Failed failed = BodyConversion.failed(failure);
		return this.buffers.wrap(this.codec.encodeStreamError(failed.error(), this.request.id()));
	}

}
