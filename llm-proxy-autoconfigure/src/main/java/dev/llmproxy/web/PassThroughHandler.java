package dev.llmproxy.web;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * {@code /providers/{provider}/**}: a provider's own API with the gateway's credentials,
 * keys and meters, and no translation.
 */
final class PassThroughHandler {

	static final String PREFIX = "/providers/";

	private final LlmHandler gateway;

	private final BodyReader bodies;

	private final Admission admission;

	PassThroughHandler(LlmHandler gateway, WebSettings settings, Admission admission) {
		this.gateway = gateway;
		this.admission = admission;
		this.bodies = new BodyReader(settings.maxBodySize(), admission);
	}

	/**
	 * Answers.
	 * @param path raw, below the base path
	 */
	Mono<Void> handle(ServerWebExchange exchange, String path) {
		ServerHttpRequest http = exchange.getRequest();
		int slash = path.indexOf('/', PREFIX.length());
		String provider = (slash < 0) ? path.substring(PREFIX.length()) : path.substring(PREFIX.length(), slash);
		String below = (slash < 0) ? "/" : path.substring(slash);
		String query = http.getURI().getRawQuery();
		return this.bodies.read(http, (body) -> {
			LlmRequest request = LlmRequest.builder(Operation.PASS_THROUGH, Dialect.OPENAI)
				.id(Exchanges.requestId(exchange))
				.caller(Exchanges.caller(exchange))
				.snapshot(Exchanges.snapshot(exchange))
				.headers(headers(http.getHeaders()))
				.hints(http.getHeaders())
				// What it is allowed, and routed, by.
				.body(body, Envelope.none().withModel(provider + below))
				.path(http.getMethod().name(), (query != null) ? below + "?" + query : below)
				.build();
			Exchanges.call(exchange);
			return this.gateway.handle(request)
				.flatMap((response) -> ExchangeWriter.write(exchange.getResponse(),
						ResponseRenderer.renderOther(response), this.admission.memory()));
		});
	}

	private static HttpHeaders headers(HttpHeaders headers) {
		HttpHeaders forwarded = ForwardedHeaders.of(headers);
		for (String name : new String[] { HttpHeaders.ACCEPT, HttpHeaders.CONTENT_TYPE, HttpHeaders.RANGE }) {
			if (headers.containsHeader(name)) {
				forwarded.put(name, headers.getOrEmpty(name));
			}
		}
		return forwarded;
	}

}
