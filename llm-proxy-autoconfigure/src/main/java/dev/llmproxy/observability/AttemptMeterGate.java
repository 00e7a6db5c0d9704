package dev.llmproxy.observability;

import java.util.Locale;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.GateOrder;
import org.jspecify.annotations.Nullable;

/**
 * Measures every attempt once: when it failed before its head, or when its body ended,
 * was cut or was cancelled. Refuses nobody. Thread-safe.
 */
public final class AttemptMeterGate implements AttemptGate {

	private static final String CANCELLED = "cancelled";

	private final GenAiMeters meters;

	public AttemptMeterGate(GenAiMeters meters) {
		this.meters = meters;
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		return new Measurement(attempt, System.nanoTime());
	}

	@Override
	public int getOrder() {
		return GateOrder.OBSERVATION.order();
	}

	private final class Measurement implements AttemptListener {

		private final Attempt attempt;

		private final long start;

		Measurement(Attempt attempt, long start) {
			this.attempt = attempt;
			this.start = start;
		}

		@Override
		public void head(LlmResponse response) {
			AttemptMeterGate.this.meters.firstChunk(key(null), System.nanoTime() - this.start);
		}

		@Override
		public void ended(AttemptEnd end) {
			if (end.kind() != AttemptEnd.Kind.REFUSED) {
				record(type(end), end.usage());
			}
		}

		private static @Nullable String type(AttemptEnd end) {
			LlmError error = end.error();
			if (error != null) {
				return error.kind().name().toLowerCase(Locale.ROOT);
			}
			return (end.kind() == AttemptEnd.Kind.CANCELLED) ? CANCELLED : null;
		}

		private void record(@Nullable String errorType, @Nullable Usage usage) {
			AttemptMeterGate.this.meters.record(key(errorType), System.nanoTime() - this.start, usage);
		}

		private GenAiMeters.Key key(@Nullable String errorType) {
			return new GenAiMeters.Key(this.attempt.request().operation().operationName(),
					this.attempt.target().provider().vendor(), this.attempt.target().model(), errorType);
		}

	}

}
