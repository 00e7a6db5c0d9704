package dev.llmproxy.web;

import java.util.function.Function;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmHandler;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;

/** The gateway's paths as one router function. */
public final class GatewayRoutes implements RouterFunction<ServerResponse> {

	private final InferenceEndpoints endpoints = new InferenceEndpoints();

	private final InferenceHandler inference;

	private final PassThroughHandler passThrough;

	private final ModelsHandler models;

	private final ErrorRenderer errors;

	private final String basePath;

	public GatewayRoutes(LlmHandler gateway, Codecs codecs, ModelsHandler models, WebSettings settings) {
		this.inference = new InferenceHandler(gateway, codecs, settings);
		this.passThrough = new PassThroughHandler(gateway, settings);
		this.models = models;
		this.errors = new ErrorRenderer(codecs);
		this.basePath = settings.basePath();
	}

	/** Whether a path is the gateway's to answer, and to guard. */
	public static boolean isGatewayPath(String path, String basePath) {
		return path.startsWith(basePath) && (path.startsWith("/v1/", basePath.length())
				|| path.startsWith("/v1beta/", basePath.length()) || path.startsWith("/providers/", basePath.length()));
	}

	@Override
	public Mono<HandlerFunction<ServerResponse>> route(ServerRequest request) {
		String path = request.uri().getRawPath();
		if (!isGatewayPath(path, this.basePath)) {
			return Mono.empty();
		}
		String local = path.substring(this.basePath.length());
		InferenceEndpoint endpoint = this.endpoints.find(local);
		if (endpoint != null) {
			return respond(
					(exchange) -> HttpMethod.POST.equals(request.method()) ? this.inference.handle(exchange, endpoint)
							: this.errors.render(exchange, endpoint.dialect(), methodNotAllowed()));
		}
		if (HttpMethod.GET.equals(request.method()) && this.models.handles(local)) {
			return respond((exchange) -> this.models.handle(exchange, local)
				.onErrorResume((failure) -> this.errors.render(exchange, InferenceHandler.dialectOf(local), failure)));
		}
		if (local.startsWith(PassThroughHandler.PREFIX)) {
			return respond((exchange) -> this.passThrough.handle(exchange, local)
				.onErrorResume((failure) -> this.errors.render(exchange, Dialect.OPENAI, failure)));
		}
		return respond((exchange) -> this.errors.render(exchange, InferenceHandler.dialectOf(local), unknown()));
	}

	private static Mono<HandlerFunction<ServerResponse>> respond(Function<ServerWebExchange, Mono<Void>> writer) {
		return Mono.just((request) -> Mono.just(new WrittenResponse(writer)));
	}

	private static LlmException methodNotAllowed() {
		return new LlmException(
				new LlmError(ErrorKind.METHOD_NOT_ALLOWED, "Use POST for this path.", "method_not_allowed", null));
	}

	private static LlmException unknown() {
		return new LlmException(new LlmError(ErrorKind.NOT_FOUND,
				"There is nothing at this path. Inference lives under /v1 and /v1beta.", "unknown_path", null));
	}

}
