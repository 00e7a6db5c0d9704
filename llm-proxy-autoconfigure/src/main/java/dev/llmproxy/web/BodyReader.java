package dev.llmproxy.web;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
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
		long announced = headers.getContentLength();
		if (announced > this.limit) {
			return Mono.error(tooLarge());
		}
		String coding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
		if (coding != null && !coding.equalsIgnoreCase("identity")) {
			return Mono.error(new LlmException(new LlmError(ErrorKind.UNSUPPORTED_MEDIA_TYPE,
					"Compressed requests are not accepted. Send the body without 'content-encoding'.",
					"unsupported_content_encoding", null)));
		}
		return request.getBody().collect(() -> new CollectedBody(announced), (collected, buffer) -> {
			if (!collected.add(buffer, this.limit)) {
				throw tooLarge();
			}
		}).map(CollectedBody::bytes);
	}

	private LlmException tooLarge() {
		return new LlmException(new LlmError(ErrorKind.PAYLOAD_TOO_LARGE,
				"The request body is larger than the limit of " + this.limit + " bytes.", "request_too_large", null));
	}

}
