package dev.llmproxy.observability;

import java.util.Locale;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptHandler;
import dev.llmproxy.provider.AttemptOrder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Measures every attempt once: when it failed before its head, or when its body ended,
 * was cut or was cancelled. Thread-safe.
 */
public final class AttemptMeterFilter implements AttemptFilter {

	private static final String CANCELLED = "cancelled";

	private final GenAiMeters meters;

	public AttemptMeterFilter(GenAiMeters meters) {
		this.meters = meters;
	}

	@Override
	public Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next) {
		long start = System.nanoTime();
		return next.execute(attempt)
			.map((response) -> watched(attempt, response, start))
			.doOnError((failure) -> failed(attempt, failure, start))
			.doOnCancel(() -> record(attempt, start, CANCELLED, null));
	}

	private LlmResponse watched(Attempt attempt, LlmResponse response, long start) {
		this.meters.firstChunk(key(attempt, null), System.nanoTime() - start);
		if (response.body() instanceof ResponseBody.Wire wire) {
			return response.withBody(new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
					wire.content().doFinally((signal) -> ended(attempt, response.outcome(), start, signal))));
		}
		if (response.body() instanceof ResponseBody.Events events) {
			return response.withBody(new ResponseBody.Events(
					events.events().doFinally((signal) -> ended(attempt, response.outcome(), start, signal))));
		}
		record(attempt, start, null, response.outcome());
		return response;
	}

	private void ended(Attempt attempt, Outcome outcome, long start, SignalType signal) {
		LlmError error = outcome.error();
		String type = (error != null) ? type(error) : (signal == SignalType.CANCEL) ? CANCELLED : null;
		record(attempt, start, type, outcome);
	}

	private void failed(Attempt attempt, Throwable failure, long start) {
		record(attempt, start, (failure instanceof LlmException known) ? type(known.error()) : "internal", null);
	}

	private static String type(LlmError error) {
		return error.kind().name().toLowerCase(Locale.ROOT);
	}

	private void record(Attempt attempt, long start, @Nullable String errorType, @Nullable Outcome outcome) {
		this.meters.record(key(attempt, errorType), System.nanoTime() - start,
				(outcome != null) ? outcome.usage() : null);
	}

	private static GenAiMeters.Key key(Attempt attempt, @Nullable String errorType) {
		return new GenAiMeters.Key(attempt.request().operation().operationName(), attempt.target().provider().vendor(),
				attempt.target().model(), errorType);
	}

	@Override
	public int getOrder() {
		return AttemptOrder.OBSERVATION.order();
	}

}
