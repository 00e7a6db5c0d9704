package dev.llmproxy.observability;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.TraceContext;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.GateOrder;
import org.jspecify.annotations.Nullable;

/**
 * Measures every attempt once: when it failed before its head, or when its body ended,
 * was cut or was cancelled. Attempts that another gate refuses reach no provider and are
 * none. Refuses nobody. Thread-safe.
 */
public final class AttemptMeterGate implements AttemptGate {

	private final GenAiMeters meters;

	private final Exemplars exemplars;

	/**
	 * Creates the gate.
	 * @param exemplars hears whose trace it is
	 */
	public AttemptMeterGate(GenAiMeters meters, Exemplars exemplars) {
		this.meters = meters;
		this.exemplars = exemplars;
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

		private volatile long headNanos = -1;

		private @Nullable AttemptMeters found;

		Measurement(Attempt attempt, long start) {
			this.attempt = attempt;
			this.start = start;
		}

		@Override
		public void head(LlmResponse response) {
			if (this.attempt.request().stream()) {
				long nanos = System.nanoTime() - this.start;
				this.headNanos = nanos;
				meters().firstChunk(nanos);
			}
		}

		@Override
		public void ended(AttemptEnd end) {
			if (end.kind() == AttemptEnd.Kind.REFUSED) {
				return;
			}
			long nanos = System.nanoTime() - this.start;
			TraceContext trace = this.attempt.request().trace();
			if (trace != null && AttemptMeterGate.this.exemplars.wants(trace)) {
				AttemptMeterGate.this.exemplars.within(trace, () -> record(end, nanos));
			}
			else {
				record(end, nanos);
			}
		}

		private void record(AttemptEnd end, long nanos) {
			AttemptMeters meters = meters();
			meters.ended(this.attempt.kind(),
					(end.kind() == AttemptEnd.Kind.CANCELLED) ? ErrorTypes.CANCELLED : ErrorTypes.of(end.error()),
					nanos);
			Usage usage = end.usage();
			if (usage != null) {
				meters.used(usage);
			}
			Outcome outcome = end.outcome();
			if (this.headNanos >= 0 && outcome != null && outcome.producedFrames() > 1) {
				meters.outputChunk((nanos - this.headNanos) / (outcome.producedFrames() - 1));
			}
		}

		/** Looked up once; an attempt's calls follow one another. */
		private AttemptMeters meters() {
			AttemptMeters meters = this.found;
			if (meters == null) {
				meters = AttemptMeterGate.this.meters.of(new AttemptLabels(
						this.attempt.request().operation().operationName(), this.attempt.target().provider().vendor(),
						this.attempt.target().provider().name(), this.attempt.route(), this.attempt.target().model()));
				this.found = meters;
			}
			return meters;
		}

	}

}
