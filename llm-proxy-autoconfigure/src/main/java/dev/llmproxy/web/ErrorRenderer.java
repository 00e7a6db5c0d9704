package dev.llmproxy.web;

import java.time.Duration;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.gateway.LlmException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/** Tells of failures in the caller's dialect, once. */
final class ErrorRenderer {

	private static final Log logger = LogFactory.getLog(ErrorRenderer.class);

	private final Codecs codecs;

	ErrorRenderer(Codecs codecs) {
		this.codecs = codecs;
	}

	/** Writes the error, unless the answer has begun already. */
	Mono<Void> render(ServerWebExchange exchange, Dialect dialect, Throwable failure) {
		ServerHttpResponse response = exchange.getResponse();
		if (response.isCommitted()) {
			return Mono.error(failure);
		}
		LlmException known = known(exchange, failure);
		HttpHeaders headers = response.getHeaders();
		headers.setContentType(MediaType.APPLICATION_JSON);
		Duration wait = known.retryAfter();
		if (wait != null) {
			headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, (wait.toMillis() + 999) / 1000)));
			headers.set("retry-after-ms", Long.toString(wait.toMillis()));
		}
		response.setStatusCode(HttpStatusCode.valueOf(known.status()));
		byte[] body = body(known, dialect, Exchanges.requestId(exchange));
		headers.setContentLength(body.length);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

	/** The error as bytes: the provider's own where the caller speaks its dialect. */
	private byte[] body(LlmException failure, Dialect dialect, String requestId) {
		LlmException.Upstream upstream = failure.upstream();
		if (upstream != null && upstream.presentable() && sameErrors(upstream.dialect(), dialect)) {
			return upstream.body();
		}
		return this.codecs.inbound(dialect).encodeError(failure.error(), requestId);
	}

	/** OpenAI's dialects differ in everything but their errors. */
	private static boolean sameErrors(Dialect upstream, Dialect caller) {
		return upstream.equals(caller) || (isOpenAi(upstream) && isOpenAi(caller));
	}

	private static boolean isOpenAi(Dialect dialect) {
		return dialect.equals(Dialect.OPENAI) || dialect.equals(Dialect.RESPONSES)
				|| dialect.equals(Dialect.COMPLETIONS);
	}

	private static LlmException known(ServerWebExchange exchange, Throwable failure) {
		if (failure instanceof LlmException known) {
			return known;
		}
		if (failure instanceof InvalidRequestException invalid) {
			return new LlmException(invalid.error());
		}
		String id = Exchanges.requestId(exchange);
		logger.error("Request " + id + " failed unexpectedly", failure);
		return new LlmException(new LlmError(ErrorKind.INTERNAL,
				"The gateway failed. Tell the operator the request id " + id + ".", "internal_error", null));
	}

}
