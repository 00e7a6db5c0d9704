package dev.llmproxy.gateway;

import org.springframework.http.HttpHeaders;

/**
 * The head of an answer and the rest of it. Once it is emitted nothing may retry or fail
 * over any more; who does not pass the body on calls {@link ResponseBody#discard()}.
 *
 * @param status the HTTP status, always below 400: failures are {@link LlmException}s
 * @param headers what the caller shall see
 * @param body the rest
 * @param outcome what is known once the body ended
 */
public record LlmResponse(int status, HttpHeaders headers, ResponseBody body, Outcome outcome) {

	public LlmResponse withBody(ResponseBody body) {
		return new LlmResponse(this.status, this.headers, body, this.outcome);
	}

	public LlmResponse withHeaders(HttpHeaders headers) {
		return new LlmResponse(this.status, headers, this.body, this.outcome);
	}

}
