package dev.llmproxy.web;

import java.util.Map;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.gemini.GeminiArrayFraming;
import dev.llmproxy.gateway.DialectRendering;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Gives an answer the form that the caller expects. Bytes that are in it already pass;
 * everything else is converted explicitly. Thread-safe.
 */
final class ResponseRenderer {

	/** The fields of an answer that is JSON. */
	static final Map<String, String> JSON = Map.of(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);

	private static final Map<String, String> EVENT_STREAM = Map.of(HttpHeaders.CONTENT_TYPE,
			MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8", HttpHeaders.CACHE_CONTROL, "no-cache");

	private static final Map<String, String> JSON_STREAM = Map.of(HttpHeaders.CONTENT_TYPE,
			MediaType.APPLICATION_JSON_VALUE, HttpHeaders.CACHE_CONTROL, "no-cache");

	private static final int LONGEST_EVENT = 64 << 20;

	private final DialectRendering rendering;

	ResponseRenderer(Codecs codecs) {
		this.rendering = new DialectRendering(codecs);
	}

	/**
	 * Renders.
	 * @param alt the query parameter of that name: Gemini streams a JSON array unless it
	 * asks for events
	 */
	Mono<RenderedAnswer> render(LlmRequest request, LlmResponse answer, @Nullable String alt,
			DataBufferFactory buffers) {
		ResponseBody body = answer.body();
		if (request.operation() != Operation.CHAT) {
			return Mono.just(renderOther(answer));
		}
		if (request.stream()) {
			return Mono.just(stream(request, answer, alt, buffers));
		}
		if (body instanceof ResponseBody.Json json && json.dialect().equals(request.dialect())) {
			return Mono.just(json(answer, json.bytes()));
		}
		return this.rendering.whole(request, body).map((bytes) -> json(answer, bytes));
	}

	private RenderedAnswer stream(LlmRequest request, LlmResponse answer, @Nullable String alt,
			DataBufferFactory buffers) {
		Flux<DataBuffer> frames = this.rendering.stream(request, answer.body(), buffers);
		boolean array = request.dialect().equals(Dialect.GEMINI) && !"sse".equals(alt);
		return RenderedAnswer.of(answer.status(), answer.headers(), array ? JSON_STREAM : EVENT_STREAM,
				array ? array(frames, buffers) : frames);
	}

	/** The head of a stream whose answer has not begun. */
	static RenderedAnswer beginning() {
		return RenderedAnswer.of(200, HttpHeaders.EMPTY, EVENT_STREAM, Flux.empty());
	}

	private static Flux<DataBuffer> array(Flux<DataBuffer> frames, DataBufferFactory buffers) {
		return Flux.defer(() -> {
			GeminiArrayFraming framing = new GeminiArrayFraming(LONGEST_EVENT);
			return frames.map((frame) -> {
				byte[] bytes = new byte[frame.readableByteCount()];
				frame.read(bytes);
				DataBufferUtils.release(frame);
				return framing.feed(bytes, 0, bytes.length);
			}).concatWith(Mono.fromSupplier(framing::end)).filter((bytes) -> bytes.length > 0).map(buffers::wrap);
		});
	}

	/** An answer that is no chat, as it is. */
	static RenderedAnswer renderOther(LlmResponse answer) {
		ResponseBody body = answer.body();
		if (body instanceof ResponseBody.Json json) {
			return json(answer, json.bytes());
		}
		if (body instanceof ResponseBody.Wire wire) {
			return RenderedAnswer.of(answer.status(), answer.headers(),
					Map.of(HttpHeaders.CONTENT_TYPE, wire.mediaType().toString()), wire.content());
		}
		throw new IllegalStateException("A chat answer to something that is no chat");
	}

	private static RenderedAnswer json(LlmResponse answer, byte[] bytes) {
		return RenderedAnswer.of(answer.status(), answer.headers(), JSON, bytes);
	}

}
