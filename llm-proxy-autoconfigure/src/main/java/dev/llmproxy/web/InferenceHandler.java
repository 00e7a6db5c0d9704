package dev.llmproxy.web;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

/** Makes a request of an exchange, has it answered, and renders the answer. */
final class InferenceHandler {

	private final LlmHandler gateway;

	private final RequestFactory requests;

	private final BodyReader bodies;

	private final ResponseRenderer renderer;

	private final ErrorRenderer errors;

	InferenceHandler(LlmHandler gateway, Codecs codecs, ErrorRenderer errors, WebSettings settings) {
		this.gateway = gateway;
		this.requests = new RequestFactory(codecs, settings);
		this.bodies = new BodyReader(settings.maxBodySize());
		this.errors = errors;
		this.renderer = new ResponseRenderer(codecs);
	}

	Mono<Void> handle(ServerWebExchange exchange, InferenceEndpoint endpoint) {
		String requestId = Exchanges.requestId(exchange);
		return this.bodies.read(exchange.getRequest()).flatMap((body) -> {
			LlmRequest request = this.requests.create(endpoint, exchange.getRequest().getHeaders(), requestId,
					Exchanges.caller(exchange), body);
			return this.gateway.handle(request)
				.flatMap((response) -> this.renderer.render(request, response,
						exchange.getRequest().getQueryParams().getFirst("alt"), exchange.getResponse().bufferFactory()))
				.flatMap((answer) -> ExchangeWriter.write(exchange.getResponse(), answer));
		}).onErrorResume((failure) -> this.errors.render(exchange, endpoint.dialect(), failure));
	}

}
