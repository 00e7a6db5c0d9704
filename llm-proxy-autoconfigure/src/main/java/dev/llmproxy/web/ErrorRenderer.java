package dev.llmproxy.web;

import java.io.IOException;
import java.time.Duration;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.HeaderFields;
import dev.llmproxy.gateway.LlmException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/** Tells of failures in the caller's dialect, once. */
final class ErrorRenderer {

	private static final Log logger = LogFactory.getLog(ErrorRenderer.class);

	private final ErrorBodies bodies;

	ErrorRenderer(ErrorBodies bodies) {
		this.bodies = bodies;
	}

	/** Whether anybody wants to hear of refusals. */
	boolean tellsOfRefusals() {
		return this.bodies.hasListeners();
	}

	/** Writes the error in the dialect of the path that was asked for. */
	Mono<Void> render(ServerWebExchange exchange, Throwable failure) {
		return render(exchange, this.bodies.dialectOf(exchange.getRequest().getURI().getRawPath()), failure);
	}

	/** Writes the error, unless the answer has begun already. */
	Mono<Void> render(ServerWebExchange exchange, Dialect dialect, Throwable failure) {
		ServerHttpResponse response = exchange.getResponse();
		String id = Exchanges.requestId(exchange);
		if (isClientGone(failure)) {
			logger.debug("The caller of request " + id + " left");
			return Mono.empty();
		}
		if (response.isCommitted()) {
			return Mono.error(failure);
		}
		RenderedAnswer answer = Exchanges.hasCall(exchange) ? render(dialect, id, failure) : refuse(
				exchange.getRequest().getURI().getRawPath(), dialect, id, Exchanges.knownCaller(exchange), failure);
		if (response.getHeaders().containsHeader(HttpHeaders.WWW_AUTHENTICATE)) {
			answer.headers().remove(HttpHeaders.WWW_AUTHENTICATE);
		}
		return ExchangeWriter.write(response, answer);
	}

	/** The error as an answer. */
	RenderedAnswer render(Dialect dialect, String id, Throwable failure) {
		return answer(dialect, id, known(id, failure));
	}

	/**
	 * The same for a request of which no call was made, so that nobody else will tell of
	 * it.
	 * @param path raw
	 */
	RenderedAnswer refuse(String path, Dialect dialect, String id, @Nullable Caller caller, Throwable failure) {
		LlmException known = known(id, failure);
		this.bodies.refused(path, dialect, id, caller, known.status(), known.error());
		return answer(dialect, id, known);
	}

	private RenderedAnswer answer(Dialect dialect, String id, LlmException known) {
		return RenderedAnswer.of(known.status(), headers(dialect, known, id), ResponseRenderer.JSON,
				body(known, dialect, id));
	}

	/**
	 * Upstream's connections fail with an {@link LlmException}, so this is the caller's.
	 */
	static boolean isClientGone(Throwable failure) {
		return failure instanceof AbortedException || failure instanceof IOException;
	}

	private static HttpHeaders headers(Dialect dialect, LlmException failure, String id) {
		HttpHeaders headers = HeaderFields.copy(failure.headers());
		Duration wait = failure.retryAfter();
		if (wait != null) {
			headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, (wait.toMillis() + 999) / 1000)));
			headers.set("retry-after-ms", Long.toString(wait.toMillis()));
		}
		if (dialect.equals(Dialect.ANTHROPIC)) {
			headers.set("request-id", id);
		}
		switch (failure.kind()) {
			case AUTHENTICATION -> headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
			// What is left of the request is not worth reading.
			case PAYLOAD_TOO_LARGE, REQUEST_TIMEOUT -> headers.set(HttpHeaders.CONNECTION, "close");
			default -> {
			}
		}
		return headers;
	}

	/** The error as bytes: the provider's own where the caller speaks its dialect. */
	private byte[] body(LlmException failure, Dialect dialect, String requestId) {
		LlmException.Upstream upstream = failure.upstream();
		if (upstream != null && upstream.presentable() && sameErrors(upstream.dialect(), dialect)) {
			return upstream.body();
		}
		return this.bodies.encode(dialect, failure.error(), requestId);
	}

	/** OpenAI's dialects differ in everything but their errors. */
	private static boolean sameErrors(Dialect upstream, Dialect caller) {
		return upstream.equals(caller) || (isOpenAi(upstream) && isOpenAi(caller));
	}

	private static boolean isOpenAi(Dialect dialect) {
		return dialect.equals(Dialect.OPENAI) || dialect.equals(Dialect.RESPONSES)
				|| dialect.equals(Dialect.COMPLETIONS);
	}

	private static LlmException known(String id, Throwable failure) {
		if (failure instanceof LlmException known) {
			return known;
		}
		if (failure instanceof InvalidRequestException invalid) {
			return new LlmException(invalid.error());
		}
		logger.error("Request " + id + " failed unexpectedly", failure);
		return new LlmException(new LlmError(ErrorKind.INTERNAL,
				"The gateway failed. Tell the operator the request id " + id + ".", "internal_error", null));
	}

}
