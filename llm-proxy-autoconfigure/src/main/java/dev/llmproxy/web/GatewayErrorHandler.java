package dev.llmproxy.web;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Tells of what nobody else has told of, so that none of the framework's own error pages
 * reaches a caller.
 */
public final class GatewayErrorHandler implements WebExceptionHandler, Ordered {

	private final ErrorRenderer errors;

	private final String basePath;

	private final boolean everywhere;

	/**
	 * Creates the handler.
	 * @param everywhere whether it answers on all paths, not only on the gateway's
	 */
	public GatewayErrorHandler(ErrorBodies errors, WebSettings settings, boolean everywhere) {
		this.errors = new ErrorRenderer(errors);
		this.basePath = settings.basePath();
		this.everywhere = everywhere;
	}

	/** Before Spring Boot's own handler, which is at -1. */
	@Override
	public int getOrder() {
		return -2;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		String path = exchange.getRequest().getURI().getRawPath();
		if (!this.everywhere && !GatewayPaths.isGatewayPath(path, this.basePath)) {
			return Mono.error(failure);
		}
		if (failure instanceof ErrorResponse response && response.getStatusCode().is4xxClientError()) {
			if (!exchange.getResponse().isCommitted()) {
				exchange.getResponse().getHeaders().putAll(response.getHeaders());
			}
			return this.errors.render(exchange, refusal(response.getStatusCode().value()));
		}
		return this.errors.render(exchange, failure);
	}

	/** The framework's own words may repeat the request, so these are ours. */
	private static LlmException refusal(int status) {
		return switch (status) {
			case 401 -> refusal(ErrorKind.AUTHENTICATION, "This needs a key.", "missing_api_key");
			case 403 -> refusal(ErrorKind.PERMISSION, "This is not allowed.", "forbidden");
			case 404 -> GatewayPaths.unknown();
			case 405 ->
				refusal(ErrorKind.METHOD_NOT_ALLOWED, "The path does not take this method.", "method_not_allowed");
			case 413 -> refusal(ErrorKind.PAYLOAD_TOO_LARGE, "The request is too large.", "request_too_large");
			case 415 -> refusal(ErrorKind.UNSUPPORTED_MEDIA_TYPE, "The path does not take this content type.",
					"unsupported_media_type");
			default -> refusal(ErrorKind.INVALID_REQUEST, "The request can't be understood.", "invalid_request");
		};
	}

	private static LlmException refusal(ErrorKind kind, String message, String code) {
		return new LlmException(new LlmError(kind, message, code, null));
	}

}
