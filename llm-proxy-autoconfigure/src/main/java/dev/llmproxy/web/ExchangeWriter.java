package dev.llmproxy.web;

import dev.llmproxy.gateway.Holding;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.MemoryBudget.Use;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Writes an answer as WebFlux does. A stream is one publisher, not one per buffer:
 * Reactor Netty flushes whenever it has nothing more to write, and publishers that wait
 * in its queue when a caller leaves would take their buffers with them.
 */
final class ExchangeWriter {

	/**
	 * What a stream is taken to have on its way: the server does not tell what a caller
	 * has not taken.
	 */
	private static final int STREAM = 16 * 1024;

	private ExchangeWriter() {
	}

	/** Sets status and headers. */
	static void head(ServerHttpResponse response, RenderedAnswer answer) {
		response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
		HttpHeaders headers = response.getHeaders();
		headers.putAll(answer.headers());
		answer.fields().forEach(headers::set);
	}

	/** Writes an answer that is counted until its caller has it. */
	static Mono<Void> write(ServerHttpResponse response, RenderedAnswer answer, MemoryBudget memory) {
		byte[] body = answer.body();
		return counted((body != null) ? body.length : STREAM, memory, write(response, answer));
	}

	/** Counts a stream while it is written. */
	static Mono<Void> counted(Mono<Void> stream, MemoryBudget memory) {
		return counted(STREAM, memory, stream);
	}

	private static Mono<Void> counted(long bytes, MemoryBudget memory, Mono<Void> writing) {
		return Mono.using(() -> {
			Holding holding = new Holding(memory, Use.STREAM);
			holding.resize(bytes);
			return holding;
		}, (holding) -> writing, Holding::close);
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
