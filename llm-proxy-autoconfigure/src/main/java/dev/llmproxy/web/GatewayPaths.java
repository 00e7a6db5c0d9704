package dev.llmproxy.web;

import java.util.Set;
import java.util.function.Function;

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
import org.springframework.web.server.ServerWebExchange;

/**
 * The gateway's paths, for every front that has exchanges: what is at a path, and by
 * which method. Knows nothing of WebFlux' routing, which servlet applications have not.
 * Thread-safe.
 */
public final class GatewayPaths {

	private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

	private final InferenceEndpoints endpoints = new InferenceEndpoints();

	private final InferenceHandler inference;

	private final PassThroughHandler passThrough;

	private final ModelsHandler models;

	private final @Nullable UsageHandler usage;

	private final ErrorRenderer errors;

	private final String basePath;

	private final Admission admission;

	/**
	 * Creates the paths.
	 * @param usage {@code null} where nobody writes down what is spent
	 */
	public GatewayPaths(LlmHandler gateway, Codecs codecs, ModelsHandler models, @Nullable UsageHandler usage,
			ErrorBodies errors, WebSettings settings, Admission admission) {
		this.admission = admission;
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

	/**
	 * What answers a request; {@code null} if its path is somebody else's.
	 * @param path raw
	 */
	@Nullable Function<ServerWebExchange, Mono<Void>> find(String path, HttpMethod method) {
		if (!isGatewayPath(path, this.basePath)) {
			return null;
		}
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
	private Function<ServerWebExchange, Mono<Void>> otherMethod(HttpMethod method, String allowed) {
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

	private Function<ServerWebExchange, Mono<Void>> respond(Function<ServerWebExchange, Mono<Void>> writer) {
		return (exchange) -> {
			if (!this.admission.keepsConnections()) {
				exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
			}
			return writer.apply(exchange);
		};
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
