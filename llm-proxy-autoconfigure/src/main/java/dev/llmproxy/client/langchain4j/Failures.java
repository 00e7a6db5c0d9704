package dev.llmproxy.client.langchain4j;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.llmproxy.gateway.LlmException;

/** Failed calls in LangChain4j's words; the cause says more. */
final class Failures {

	private Failures() {
	}

	static LangChain4jException translate(LlmException failure) {
		String message = failure.error().message();
		return switch (failure.kind()) {
			case RATE_LIMIT -> new RateLimitException(message, failure);
			case TIMEOUT, REQUEST_TIMEOUT -> new TimeoutException(message, failure);
			case AUTHENTICATION, PERMISSION -> new AuthenticationException(message, failure);
			case NOT_FOUND -> new ModelNotFoundException(message, failure);
			case CONTENT_POLICY -> new ContentFilteredException(message, failure);
			case INVALID_REQUEST, CONTEXT_LENGTH, METHOD_NOT_ALLOWED, CONFLICT, PAYLOAD_TOO_LARGE,
					UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE, HEADERS_TOO_LARGE, NOT_IMPLEMENTED ->
				new InvalidRequestException(message, failure);
			case INTERNAL, UPSTREAM, UPSTREAM_AUTHENTICATION, OVERLOADED ->
				new InternalServerException(message, failure);
		};
	}

}
