package dev.llmproxy.web;

import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.gemini.GeminiArrayFraming;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * Writes an answer in the form the caller expects. Bytes that are in it already pass;
 * everything else is converted explicitly.
 */
final class ResponseRenderer {

	private static final MediaType EVENT_STREAM = new MediaType(MediaType.TEXT_EVENT_STREAM, StandardCharsets.UTF_8);

	private static final int LONGEST_EVENT = 64 << 20;

	private final Codecs codecs;

	private final BodyConversion conversion;

	ResponseRenderer(Codecs codecs) {
		this.codecs = codecs;
		this.conversion = new BodyConversion(codecs);
	}

	Mono<Void> render(ServerWebExchange exchange, LlmRequest request, LlmResponse answer) {
		ServerHttpResponse response = exchange.getResponse();
		ResponseBody body = answer.body();
		if (request.operation() != Operation.CHAT) {
			return renderOther(response, answer);
		}
		if (request.stream()) {
			Flux<DataBuffer> frames = new StreamRendering(this.codecs, this.conversion, request,
					response.bufferFactory())
				.render(body);
			boolean array = isArrayWanted(exchange, request);
			head(response, answer, array ? MediaType.APPLICATION_JSON : EVENT_STREAM);
			response.getHeaders().setCacheControl("no-cache");
			return StreamWriter.write(response, array ? array(frames, response.bufferFactory()) : frames);
		}
		if (body instanceof ResponseBody.Json json && json.dialect().equals(request.dialect())) {
			return write(response, answer, json.bytes());
		}
		InboundCodec codec = this.codecs.inbound(request.dialect());
		return this.conversion.whole(body)
			.flatMap((ChatResponse whole) -> write(response, answer,
					codec.encodeResponse(whole.model().isEmpty() ? named(whole, request.model()) : whole)));
	}

	/** For providers that don't say which model answered. */
	private static ChatResponse named(ChatResponse response, String model) {
		return new ChatResponse(response.id(), model, response.created(), response.choices(), response.usage(),
				response.serviceTier());
	}

	/** Gemini streams a JSON array unless asked for events. */
	private static boolean isArrayWanted(ServerWebExchange exchange, LlmRequest request) {
		return request.dialect().equals(Dialect.GEMINI)
				&& !"sse".equals(exchange.getRequest().getQueryParams().getFirst("alt"));
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

	/** Writes an answer that is no chat, as it is. */
	static Mono<Void> renderOther(ServerHttpResponse response, LlmResponse answer) {
		ResponseBody body = answer.body();
		if (body instanceof ResponseBody.Json json) {
			return write(response, answer, json.bytes());
		}
		if (body instanceof ResponseBody.Wire wire) {
			head(response, answer, wire.mediaType());
			return (wire.framing() == Framing.SSE) ? StreamWriter.write(response, wire.content())
					: response.writeWith(wire.content());
		}
		throw new IllegalStateException("A chat answer to something that is no chat");
	}

	private static Mono<Void> write(ServerHttpResponse response, LlmResponse answer, byte[] bytes) {
		head(response, answer, MediaType.APPLICATION_JSON);
		response.getHeaders().setContentLength(bytes.length);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
	}

	private static void head(ServerHttpResponse response, LlmResponse answer, MediaType type) {
		response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
		HttpHeaders headers = response.getHeaders();
		headers.putAll(answer.headers());
		headers.setContentType(type);
	}

}
