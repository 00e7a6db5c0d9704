package dev.llmproxy.observability;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.TraceContext;
import dev.llmproxy.observability.call.CallRecord;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.cumulative.CumulativeTimer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ExemplarsTest {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final TraceContext SAMPLED = new TraceContext(TRACE, "b7ad6b7169203331", true, null);

	private static final TraceContext UNSAMPLED = new TraceContext(TRACE, "b7ad6b7169203331", false, null);

	private final Exemplars exemplars = new OpenTelemetryExemplars();

	private final SeriesCap cap = new SeriesCap(10, Set::of);

	@Test
	void metersSeeTheTraceOfTheCallAndNothingStaysBehind() {
		List<String> seen = new ArrayList<>();
		SimpleMeterRegistry registry = new Looking(seen);
		AttemptMeterGate gate = new AttemptMeterGate(new GenAiMeters(registry, this.cap, GenAiConventions.V1_41),
				this.exemplars);
		Attempt attempt = Calls.attempt("up", "m", Attempt.Kind.FIRST, false);
		Attempt traced = attempt.withRequest(attempt.request().withTrace(SAMPLED));
		gate.enter(traced).ended(AttemptEnd.of(traced, Calls.used(Usage.of(1, 1), 0)));
		RequestMeters requests = new RequestMeters(registry, this.cap, this.exemplars, (name) -> name);
		requests.ended(in(SAMPLED));
		// The attempt's duration, and the call's with its overhead.
		assertThat(seen).containsExactly(TRACE, TRACE, TRACE);
		requests.ended(in(UNSAMPLED));
		requests.ended(in(null));
		assertThat(seen).hasSize(7).endsWith("none", "none", "none", "none");
		assertThat(Span.current().getSpanContext().isValid()).isFalse();
	}

	private static CallRecord in(@Nullable TraceContext trace) {
		CallRecord call = Calls.succeeded("fast", "fast", false, null);
		return new CallRecord(call.id(), call.caller(), call.operation(), call.dialect(), call.model(), call.stream(),
				call.route(), trace, call.began(), call.duration(), call.firstToken(), call.overhead(), call.status(),
				call.end(), call.attempts(), call.usage(), call.finish(), call.cost(), call.estimated(), call.error(),
				call.cache(), call.context(), call.requestBytes(), call.responseBytes());
	}

	@Test
	void nothingStaysBehindWhenRecordingFails() {
		assertThatIllegalStateException().isThrownBy(() -> this.exemplars.within(SAMPLED, () -> {
			throw new IllegalStateException("no");
		}));
		assertThat(Span.current().getSpanContext().isValid()).isFalse();
	}

	/** Writes down the current trace whenever a timer is recorded, as Prometheus does. */
	private static final class Looking extends SimpleMeterRegistry {

		private final List<String> seen;

		Looking(List<String> seen) {
			this.seen = seen;
		}

		@Override
		protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector detector) {
			return new CumulativeTimer(id, this.clock, config, detector, TimeUnit.SECONDS) {

				@Override
				protected void recordNonNegative(long amount, TimeUnit unit) {
					Looking.this.seen.add(Span.current().getSpanContext().isValid()
							? Span.current().getSpanContext().getTraceId() : "none");
					super.recordNonNegative(amount, unit);
				}

			};
		}

	}

}
