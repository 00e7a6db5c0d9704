package dev.llmproxy.web;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

/**
 * Flushes each buffer of a stream, which servlet containers do not by themselves. The
 * buffers are copied to the heap: what waits in the container when a caller leaves is
 * given back by nobody.
 */
final class FlushingResponse extends ServerHttpResponseDecorator {

	FlushingResponse(ServerHttpResponse response) {
		super(response);
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		return (body instanceof Mono) ? super.writeWith(body)
				: super.writeAndFlushWith(Flux.from(body).map((buffer) -> Mono.just(onHeap(buffer))));
	}

	private static DataBuffer onHeap(DataBuffer buffer) {
		try {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

}
