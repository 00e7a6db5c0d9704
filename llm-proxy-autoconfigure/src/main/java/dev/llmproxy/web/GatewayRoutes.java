package dev.llmproxy.web;

import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmHandler;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;

/** The gateway's paths as one router function. */
public final class GatewayRoutes implements RouterFunction<ServerResponse> {

	private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

	private final InferenceEndpoints endpoints = new InferenceEndpoints();

	private final InferenceHandler inference;

	private final PassThroughHandler passThrough;

	private final ModelsHandler models;

	private final @Nullable UsageHandler usage;

	private final ErrorRenderer errors;

	private final String basePath;

	private final Admission admission;

	private final Predicate<ServerWebExchange> elsewhere;

	/**
	 * Creates the routes.
	 * @param usage {@code null} where nobody writes down what is spent
	 * @param elsewhere tells requests to another server in this process, such as the one
	 * for management, where there are none of these paths
	 */
	public GatewayRoutes(LlmHandler gateway, Codecs codecs, ModelsHandler models, @Nullable UsageHandler usage,
			ErrorBodies errors, WebSettings settings, Admission admission, Predicate<ServerWebExchange> elsewhere) {
		this.admission = admission;
		this.elsewhere = elsewhere;
		this.errors = new ErrorRenderer(errors);
		this.inference = new InferenceHandler(gateway, codecs, this.errors, settings, admission);
		this.passThrough = new PassThroughHandler(gateway, settings, admission);
		this.models = models;
		this.usage = usage;
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
		if (!isGatewayPath(path, this.basePath) || this.elsewhere.test(request.exchange())) {
			return Mono.empty();
		}
		HttpMethod method = request.method();
		String local = path.substring(this.basePath.length());
		InferenceEndpoint endpoint = this.endpoints.find(local);
		if (endpoint != null) {
			return HttpMethod.POST.equals(method) ? respond((exchange) -> this.inference.handle(exchange, endpoint))
					: otherMethod(method, "POST");
		}
		if (this.models.handles(local)) {
			return READING.contains(method)
					? respond((exchange) -> this.models.handle(exchange, local)
						.onErrorResume((failure) -> this.errors.render(exchange, failure)))
					: otherMethod(method, "GET, HEAD");
		}
		UsageHandler usage = this.usage;
		if (usage != null && usage.handles(local)) {
			return READING.contains(method)
					? respond((exchange) -> usage.handle(exchange)
						.onErrorResume((failure) -> this.errors.render(exchange, failure)))
					: otherMethod(method, "GET, HEAD");
		}
		if (local.startsWith(PassThroughHandler.PREFIX)) {
			return respond((exchange) -> this.passThrough.handle(exchange, local)
				.onErrorResume((failure) -> this.errors.render(exchange, failure)));
		}
		return respond((exchange) -> this.errors.render(exchange, unknown()));
	}

	/** {@code OPTIONS} tells what the path takes, any other method is told so. */
	private Mono<HandlerFunction<ServerResponse>> otherMethod(HttpMethod method, String allowed) {
		return respond((exchange) -> {
			exchange.getResponse().getHeaders().set(HttpHeaders.ALLOW, allowed + ", OPTIONS");
			if (HttpMethod.OPTIONS.equals(method)) {
				Exchanges.requestId(exchange);
				exchange.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
				return exchange.getResponse().setComplete();
			}
			return this.errors.render(exchange, methodNotAllowed(allowed));
		});
	}

	private Mono<HandlerFunction<ServerResponse>> respond(Function<ServerWebExchange, Mono<Void>> writer) {
		return Mono.just((request) -> {
			if (!this.admission.keepsConnections()) {
				request.exchange().getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
			}
			return Mono.just(new WrittenResponse(writer));
		});
	}

	private static LlmException methodNotAllowed(String allowed) {
		return new LlmException(new LlmError(ErrorKind.METHOD_NOT_ALLOWED, "Use " + allowed + " for this path.",
				"method_not_allowed", null));
	}

	static LlmException unknown() {
		return new LlmException(new LlmError(ErrorKind.NOT_FOUND,
				"There is nothing at this path. Inference lives under /v1 and /v1beta.", "unknown_path", null));
	}

}
