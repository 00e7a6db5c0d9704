package dev.llmproxy.web;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Writes an answer as WebFlux does. A stream is one publisher, not one per buffer:
 * Reactor Netty flushes whenever it has nothing more to write, and publishers that wait
 * in its queue when a caller leaves would take their buffers with them.
 */
final class ExchangeWriter {

	private ExchangeWriter() {
	}

	/** Sets status and headers. */
	static void head(ServerHttpResponse response, RenderedAnswer answer) {
		response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
		response.getHeaders().putAll(answer.headers());
	}

	static Mono<Void> write(ServerHttpResponse response, RenderedAnswer answer) {
		head(response, answer);
		byte[] body = answer.body();
		if (body != null) {
			response.getHeaders().setContentLength(body.length);
			return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
		}
		return (answer.content() != null) ? response.writeWith(answer.content()) : response.setComplete();
	}

}
