package dev.llmproxy.gateway;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatEvents;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ChatResponseAssembler;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamDecoder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/** Views of a body in no dialect, whichever form it has. Thread-safe. */
public final class BodyConversion {

	private final Codecs codecs;

	public BodyConversion(Codecs codecs) {
		this.codecs = codecs;
	}

	/**
	 * The body as a whole answer; an answer that breaks off is an {@link LlmException}.
	 */
	public Mono<ChatResponse> whole(ResponseBody body) {
		if (body instanceof ResponseBody.Whole whole) {
			return Mono.just(whole.response());
		}
		if (body instanceof ResponseBody.Json json) {
			return Mono.fromSupplier(() -> this.codecs.upstream(json.dialect()).decodeResponse(json.bytes()))
				.onErrorMap(DecodingException.class, BodyConversion::malformed);
		}
		return events(body).collect(ChatResponseAssembler::new, ChatResponseAssembler::accept).map((assembler) -> {
			LlmError error = assembler.error();
			if (error != null) {
				throw new LlmException(error);
			}
			return assembler.assemble();
		});
	}

	/** The body as events; a failure on the way is a last {@link ChatEvent.Failed}. */
	public Flux<ChatEvent> events(ResponseBody body) {
		if (body instanceof ResponseBody.Events events) {
			return events.events().onErrorResume((failure) -> Mono.just(failed(failure)));
		}
		if (body instanceof ResponseBody.Wire wire) {
			return decode(wire);
		}
		return whole(body).flatMapIterable(ChatEvents::of);
	}

	private Flux<ChatEvent> decode(ResponseBody.Wire wire) {
		return Flux.defer(() -> {
			StreamDecoder decoder = this.codecs.upstream(wire.dialect()).streamDecoder();
			return wire.content()
				.map((buffer) -> decode(decoder, buffer))
				.concatWith(Mono.fromSupplier(() -> end(decoder)))
				.onErrorResume((failure) -> Mono.just(List.of(failed(failure))))
				.concatMapIterable((events) -> events)
				.takeUntil((event) -> event instanceof ChatEvent.Failed);
		});
	}

	private static List<ChatEvent> decode(StreamDecoder decoder, DataBuffer buffer) {
		try {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			List<ChatEvent> events = new ArrayList<>();
			decoder.feed(bytes, 0, bytes.length, events::add);
			return events;
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

	private static List<ChatEvent> end(StreamDecoder decoder) {
		List<ChatEvent> events = new ArrayList<>();
		decoder.end(events::add);
		return events;
	}

	/** The error event that tells of a failure after the head. */
	public static ChatEvent.Failed failed(Throwable failure) {
		return new ChatEvent.Failed(lateFailure(failure).error());
	}

	/** A failure after the head as what it means to a caller. */
	public static LlmException lateFailure(Throwable failure) {
		if (failure instanceof LlmException known) {
			return known;
		}
		if (failure instanceof DecodingException decoding) {
			return malformed(decoding);
		}
		return new LlmException(
				new LlmError(ErrorKind.INTERNAL, "The answer could not be completed.", "internal_error", null));
	}

	private static LlmException malformed(DecodingException failure) {
		return new LlmException(new LlmError(ErrorKind.UPSTREAM,
				"The provider sent an answer that can't be read: " + failure.getMessage() + ".", "upstream_malformed",
				null));
	}

}
