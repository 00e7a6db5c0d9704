package dev.llmproxy.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Tells a caller who waits for a stream that it is not forgotten: if the answer has not
 * begun after a while, the response is committed and comments are sent until it does (in
 * Anthropic's dialect its event {@code ping}). What fails from then on is told within the
 * stream. Thread-safe.
 */
final class KeepAliveComments {

	private static final byte[] COMMENT = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ANTHROPIC = "event: ping\ndata: {\"type\": \"ping\"}\n\n"
		.getBytes(StandardCharsets.US_ASCII);

	private final Codecs codecs;

	private final Duration interval;

	KeepAliveComments(Codecs codecs, Duration interval) {
		this.codecs = codecs;
		this.interval = interval;
	}

	/** Whether the answer to this request may have comments in it. */
	static boolean concerns(LlmRequest request, @Nullable String alt) {
		return request.operation() == Operation.CHAT && request.stream()
				&& (!request.dialect().equals(Dialect.GEMINI) || "sse".equals(alt));
	}

	/**
	 * Writes the answer, and comments until it begins. WebFlux commits a response with
	 * the first buffer, so a failure before that is one that can still be told as usual.
	 */
	Mono<Void> write(ServerHttpResponse response, LlmRequest request, Mono<RenderedAnswer> answer) {
		AtomicBoolean waiting = new AtomicBoolean();
		Flux<DataBuffer> frames = answer.flatMapMany((rendered) -> {
			if (!waiting.get()) {
				ExchangeWriter.head(response, rendered);
			}
			return (rendered.content() != null) ? rendered.content() : Flux.empty();
		})
			.onErrorResume(
					(failure) -> waiting.get() ? Mono.just(error(response, request, failure)) : Mono.error(failure));
		Flux<DataBuffer> comments = Flux.interval(this.interval).onBackpressureDrop().map((tick) -> {
			if (waiting.compareAndSet(false, true)) {
				ExchangeWriter.head(response, ResponseRenderer.beginning());
			}
			return response.bufferFactory().wrap(request.dialect().equals(Dialect.ANTHROPIC) ? ANTHROPIC : COMMENT);
		});
		return response.writeWith(
				frames.publish((shared) -> Flux.merge(shared, comments.takeUntilOther(shared.onErrorComplete())), 1));
	}

	private DataBuffer error(ServerHttpResponse response, LlmRequest request, Throwable failure) {
		return response.bufferFactory()
			.wrap(this.codecs.inbound(request.dialect())
				.encodeStreamError(BodyConversion.failed(failure).error(), request.id()));
	}

}
