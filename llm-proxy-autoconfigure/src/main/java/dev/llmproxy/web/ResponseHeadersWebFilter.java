package dev.llmproxy.web;

import java.util.Map;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Adds headers that are the same in every response, such as
 * {@code X-Content-Type-Options: nosniff}. Who answers may overwrite them.
 */
public final class ResponseHeadersWebFilter implements WebFilter, Ordered {

	private final String[] names;

	private final String[] values;

	private final String basePath;

	private final boolean everywhere;

	/**
	 * Creates the filter.
	 * @param headers names and values; those with an empty value are left out
	 * @param everywhere whether it is about all paths, not only about the gateway's
	 */
	public ResponseHeadersWebFilter(Map<String, String> headers, WebSettings settings, boolean everywhere) {
		this.names = headers.entrySet()
			.stream()
			.filter((header) -> !header.getValue().isBlank())
			.map(Map.Entry::getKey)
			.toArray(String[]::new);
		this.values = new String[this.names.length];
		for (int i = 0; i < this.names.length; i++) {
			this.values[i] = headers.getOrDefault(this.names[i], "").trim();
		}
		this.basePath = settings.basePath();
		this.everywhere = everywhere;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (this.everywhere || GatewayPaths.isGatewayPath(exchange.getRequest().getURI().getRawPath(), this.basePath)) {
			HttpHeaders headers = exchange.getResponse().getHeaders();
			for (int i = 0; i < this.names.length; i++) {
				headers.set(this.names[i], this.values[i]);
			}
		}
		return chain.filter(exchange);
	}

}
