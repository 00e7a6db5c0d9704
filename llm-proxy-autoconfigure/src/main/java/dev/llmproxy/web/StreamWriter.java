package dev.llmproxy.web;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Writes a stream so that each buffer reaches the caller at once. One publisher, not one
 * per buffer: Reactor Netty flushes whenever it has nothing more to write, and publishers
 * that wait in its queue when a caller leaves would take their buffers with them.
 */
final class StreamWriter {

	private StreamWriter() {
	}

	static Mono<Void> write(ServerHttpResponse response, Flux<DataBuffer> frames) {
		return response.writeWith(frames);
	}

}
