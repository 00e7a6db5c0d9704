package dev.llmproxy.web;

import java.time.Duration;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/** Makes a request of an exchange, has it answered, and renders the answer. */
final class InferenceHandler {

	private final LlmHandler gateway;

	private final RequestFactory requests;

	private final BodyReader bodies;

	private final ResponseRenderer renderer;

	private final ErrorRenderer errors;

	private final @Nullable KeepAliveComments comments;

	private final Admission admission;

	InferenceHandler(LlmHandler gateway, Codecs codecs, ErrorRenderer errors, WebSettings settings,
			Admission admission) {
		this.gateway = gateway;
		this.requests = new RequestFactory(codecs, settings);
		this.bodies = new BodyReader(settings.maxBodySize(), admission);
		this.admission = admission;
		this.errors = errors;
		this.renderer = new ResponseRenderer(codecs);
		Duration interval = settings.keepAliveComments();
		this.comments = (interval != null) ? new KeepAliveComments(codecs, interval) : null;
	}

	Mono<Void> handle(ServerWebExchange exchange, InferenceEndpoint endpoint) {
		String requestId = Exchanges.requestId(exchange);
		return this.bodies.read(exchange.getRequest(), (body) -> {
			LlmRequest request = this.requests.create(endpoint, exchange.getRequest().getHeaders(),
					ForwardedHeaders.of(exchange.getRequest().getHeaders()), requestId, Exchanges.caller(exchange),
					Exchanges.snapshot(exchange), body);
			return write(exchange, request);
		}).onErrorResume((failure) -> this.errors.render(exchange, endpoint.dialect(), failure));
	}

	private Mono<Void> write(ServerWebExchange exchange, LlmRequest request) {
		ServerHttpResponse response = exchange.getResponse();
		if (this.errors.tellsOfRefusals()) {
			Exchanges.call(exchange);
		}
		String alt = exchange.getRequest().getQueryParams().getFirst("alt");
		Mono<RenderedAnswer> answer = this.gateway.handle(request)
			.flatMap((head) -> this.renderer.render(request, head, alt, response.bufferFactory()));
		return (this.comments != null && KeepAliveComments.concerns(request, alt))
				? ExchangeWriter.counted(this.comments.write(response, request, answer), this.admission.memory())
				: answer.flatMap((rendered) -> ExchangeWriter.write(response, rendered, this.admission.memory()));
	}

}
