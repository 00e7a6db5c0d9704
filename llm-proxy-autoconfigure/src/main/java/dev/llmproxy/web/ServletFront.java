package dev.llmproxy.web;

import java.util.List;
import java.util.function.Function;

import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServletHttpHandlerAdapter;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/**
 * The gateway's paths in a servlet container: the same handlers, key check and errors as
 * in WebFlux, of which no more than what spring-web has is needed. Spring's adapter reads
 * and writes asynchronously, as fast as the caller takes it, so that no thread of the
 * container waits for a provider, and no event loop for a caller. A caller that left is
 * noticed, as in any servlet container, by the next bytes that can't be written to it.
 */
public final class ServletFront {

	private ServletFront() {
	}

	/**
	 * Creates a servlet. It has to be mapped to one path with a wildcard.
	 * @param believesHeaders whether something in this server may take addresses out of
	 * headers; nobody is a local caller then
	 */
	public static ServletHttpHandlerAdapter create(GatewayPaths paths, ClientKeyWebFilter keys,
			GatewayErrorHandler errors, ResponseHeadersWebFilter headers, WebSettings settings,
			boolean believesHeaders) {
		CorsWebFilter cors = (settings.cors() != null) ? new CorsWebFilter((exchange) -> settings.cors()) : null;
		HttpHandler handler = WebHttpHandlerBuilder.webHandler(handler(paths)).filters((filters) -> {
			filters.add(headers);
			if (cors != null) {
				filters.add(cors);
			}
			filters.add(keys);
		}).exceptionHandler(errors).build();
		return new ServletHttpHandlerAdapter((request, response) -> handler
			.handle(new ServletCall(request, believesHeaders), new FlushingResponse(response)));
	}

	/** The servlet patterns that all of the gateway's paths are below. */
	public static List<String> patterns(String basePath) {
		return List.of(basePath + "/v1/*", basePath + "/v1beta/*", basePath + "/providers/*");
	}

	private static WebHandler handler(GatewayPaths paths) {
		return (exchange) -> {
			Function<ServerWebExchange, Mono<Void>> writer = paths.find(exchange.getRequest().getURI().getRawPath(),
					exchange.getRequest().getMethod());
			return (writer != null) ? writer.apply(exchange) : unknown();
		};
	}

	/** The container's idea of a path may differ from ours: ours counts. */
	private static Mono<Void> unknown() {
		return Mono.error(GatewayPaths.unknown());
	}

}
