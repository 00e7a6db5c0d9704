package dev.llmproxy.web;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Reads a request's body to the heap, within a limit. */
final class BodyReader {

	private final int limit;

	BodyReader(int limit) {
		this.limit = limit;
	}

	Mono<byte[]> read(ServerHttpRequest request) {
		if (request.getHeaders().getContentLength() > this.limit) {
			return Mono.error(tooLarge());
		}
		return DataBufferUtils.join(request.getBody(), this.limit)
			.map(BodyReader::copy)
			.defaultIfEmpty(new byte[0])
			.onErrorMap(DataBufferLimitException.class, (ex) -> tooLarge());
	}

	private static byte[] copy(DataBuffer buffer) {
		try {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			return bytes;
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

	private LlmException tooLarge() {
		return new LlmException(new LlmError(ErrorKind.PAYLOAD_TOO_LARGE,
				"The request body is larger than the limit of " + this.limit + " bytes.", "request_too_large", null));
	}

}
