package dev.llmproxy.web;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;

/**
 * An answer as it goes over HTTP, whichever front writes it: a body that is there, or one
 * that is on the move.
 *
 * @param headers of this answer
 * @param fields further ones, each instead of what the headers say
 * @param body {@code null} if there is content
 * @param content each buffer reaches the caller at once; {@code null} if there is a body
 */
record RenderedAnswer(int status, HttpHeaders headers, Map<String, String> fields, byte @Nullable [] body,
		@Nullable Flux<DataBuffer> content) {

	static RenderedAnswer of(int status, HttpHeaders headers, Map<String, String> fields, byte[] body) {
		return new RenderedAnswer(status, headers, fields, body, null);
	}

	static RenderedAnswer of(int status, HttpHeaders headers, Map<String, String> fields, Flux<DataBuffer> content) {
		return new RenderedAnswer(status, headers, fields, null, content);
	}

}
