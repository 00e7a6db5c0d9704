package dev.llmproxy.web;

import dev.llmproxy.gateway.LlmException;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Reads a request's body to the heap, within a limit. */
final class BodyReader {

	private final int limit;

	/**
	 * Creates one.
	 * @param limit the longest body, in bytes
	 */
	BodyReader(int limit) {
		this.limit = limit;
	}

	/**
	 * Reads the body. What is longer than the limit is refused by its announced length,
	 * before a byte is read, or else by the first buffer that goes beyond.
	 */
	Mono<byte[]> read(ServerHttpRequest request) {
		HttpHeaders headers = request.getHeaders();
		try {
			RequestFactory.checkHead(headers, this.limit);
		}
		catch (LlmException ex) {
			return Mono.error(ex);
		}
		long announced = headers.getContentLength();
		return request.getBody().collect(() -> new CollectedBody(announced), (collected, buffer) -> {
			if (!collected.add(buffer, this.limit)) {
				throw RequestFactory.tooLarge(this.limit);
			}
		}).map(CollectedBody::bytes);
	}

}
