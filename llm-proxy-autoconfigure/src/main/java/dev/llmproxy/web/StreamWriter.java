package dev.llmproxy.web;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;

/** Writes a stream so that each buffer reaches the caller at once. */
final class StreamWriter {

	private StreamWriter() {
	}

	static Mono<Void> write(ServerHttpResponse response, Flux<DataBuffer> frames) {
		return response.writeAndFlushWith(frames.map(Mono::just));
	}

}
