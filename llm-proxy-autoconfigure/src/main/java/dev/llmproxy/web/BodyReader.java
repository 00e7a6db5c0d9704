package dev.llmproxy.web;

import java.util.function.Function;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.Holding;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Reads a request's body to the heap, within a limit, and counts it for as long as
 * somebody works on it.
 */
final class BodyReader {

	private final int limit;

	private final Admission admission;

	/**
	 * Creates one.
	 * @param limit the longest body, in bytes
	 */
	BodyReader(int limit, Admission admission) {
		this.limit = limit;
		this.admission = admission;
	}

	/**
	 * Reads the body, and counts it until its use ended, failed or was cancelled. What is
	 * longer than the limit is refused by its announced length, before a byte is read, or
	 * else by the first buffer that goes beyond.
	 */
	<T> Mono<T> read(ServerHttpRequest request, Function<byte[], Mono<T>> use) {
		return Mono.using(() -> admit(request.getHeaders()), (holding) -> read(request, holding).flatMap(use),
				Holding::close);
	}

	private Holding admit(HttpHeaders headers) {
		RequestFactory.checkHead(headers, this.limit);
		return this.admission.admit(headers.getContentLength());
	}

	private Mono<byte[]> read(ServerHttpRequest request, Holding holding) {
		long announced = request.getHeaders().getContentLength();
		return request.getBody()
			.collect(() -> new CollectedBody(announced, this.admission, holding), (collected, buffer) -> {
				if (!collected.add(buffer, this.limit)) {
					throw RequestFactory.tooLarge(this.limit);
				}
			})
			.map(CollectedBody::bytes);
	}

}
