package dev.llmproxy.web;

import java.util.function.Function;
import java.util.function.Predicate;

import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;

/** The gateway's paths as one router function. */
public final class GatewayRoutes implements RouterFunction<ServerResponse> {

	private final GatewayPaths paths;

	private final Predicate<ServerWebExchange> elsewhere;

	/**
	 * Creates the routes.
	 * @param elsewhere tells requests to another server in this process, such as the one
	 * for management, where there are none of these paths
	 */
	public GatewayRoutes(GatewayPaths paths, Predicate<ServerWebExchange> elsewhere) {
		this.paths = paths;
		this.elsewhere = elsewhere;
	}

	@Override
	public Mono<HandlerFunction<ServerResponse>> route(ServerRequest request) {
		Function<ServerWebExchange, Mono<Void>> writer = this.paths.find(request.uri().getRawPath(), request.method());
		return (writer == null || this.elsewhere.test(request.exchange())) ? Mono.empty()
				: Mono.just((found) -> Mono.just(new WrittenResponse(writer)));
	}

}
