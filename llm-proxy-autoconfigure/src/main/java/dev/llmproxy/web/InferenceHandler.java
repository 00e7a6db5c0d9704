package dev.llmproxy.web;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/** Makes a request of an exchange, has it answered, and renders the answer. */
final class InferenceHandler {

	private final LlmHandler gateway;

	private final Codecs codecs;

	private final BodyReader bodies;

	private final ResponseRenderer renderer;

	private final ErrorRenderer errors;

	private final WebSettings settings;

	InferenceHandler(LlmHandler gateway, Codecs codecs, ErrorRenderer errors, WebSettings settings) {
		this.gateway = gateway;
		this.codecs = codecs;
		this.settings = settings;
		this.bodies = new BodyReader(settings.maxBodySize());
		this.errors = errors;
		this.renderer = new ResponseRenderer(codecs);
	}

	Mono<Void> handle(ServerWebExchange exchange, InferenceEndpoint endpoint) {
		String requestId = Exchanges.requestId(exchange);
		return this.bodies.read(exchange.getRequest()).flatMap((body) -> {
			LlmRequest request = request(exchange, endpoint, requestId, body);
			return this.gateway.handle(request)
				.flatMap((response) -> this.renderer.render(exchange, request, response));
		}).onErrorResume((failure) -> this.errors.render(exchange, endpoint.dialect(), failure));
	}

	private LlmRequest request(ServerWebExchange exchange, InferenceEndpoint endpoint, String requestId, byte[] body) {
		ServerHttpRequest http = exchange.getRequest();
		HttpHeaders headers = http.getHeaders();
		LlmRequest.Builder builder = LlmRequest.builder(endpoint.operation(), endpoint.dialect())
			.id(requestId)
			.caller(caller(exchange))
			.headers(ForwardedHeaders.of(headers))
			.hints(headers)
			.strict(strict(headers));
		if (endpoint.operation() == Operation.TRANSCRIPTION) {
			return MultipartModel.of(headers, body).applyTo(builder, body).build();
		}
		requireJson(headers);
		Envelope envelope = scan(body);
		if (endpoint.model() != null) {
			envelope = envelope.withModel(endpoint.model());
			builder.splice((ignored, bytes, model) -> bytes);
		}
		if (endpoint.stream() != null) {
			envelope = envelope.withStream(endpoint.stream());
		}
		return builder.body(body, envelope).codec(codec(endpoint)).build();
	}

	private @Nullable InboundCodec codec(InferenceEndpoint endpoint) {
		boolean chatLike = endpoint.operation() == Operation.CHAT || endpoint.operation() == Operation.COUNT_TOKENS;
		return chatLike ? this.codecs.inbound(endpoint.dialect()) : null;
	}

	private static Caller caller(ServerWebExchange exchange) {
		return Exchanges.caller(exchange);
	}

	private boolean strict(HttpHeaders headers) {
		String wish = headers.getFirst("llm-proxy-strict");
		return (wish != null) ? Boolean.parseBoolean(wish) : this.settings.strict();
	}

	private static void requireJson(HttpHeaders headers) {
		String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		if (type != null && !isJson(type)) {
			throw new LlmException(new LlmError(ErrorKind.UNSUPPORTED_MEDIA_TYPE,
					"The request must be JSON: send 'content-type: application/json'.", "unsupported_media_type",
					null));
		}
	}

	/** The common spellings by themselves; RFC 8259 knows no encoding but UTF-8. */
	private static boolean isJson(String type) {
		if (type.equalsIgnoreCase("application/json")) {
			return true;
		}
		try {
			MediaType media = MediaType.parseMediaType(type);
			Charset charset = media.getCharset();
			return media.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
					&& (charset == null || charset.equals(StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private Envelope scan(byte[] body) {
		try {
			return EnvelopeScanner.scan(body, this.settings.jsonLimits());
		}
		catch (MalformedJsonException ex) {
			throw new InvalidRequestException(
					new LlmError(ErrorKind.INVALID_REQUEST, String.valueOf(ex.getMessage()), ex.code(), ex.param()));
		}
	}

}
