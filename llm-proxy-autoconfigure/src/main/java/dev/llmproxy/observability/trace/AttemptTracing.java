package dev.llmproxy.observability.trace;

import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.TraceContext;
import dev.llmproxy.observability.cost.Pricing;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptHandler;
import dev.llmproxy.provider.AttemptOrder;
import io.opentelemetry.api.trace.Tracer;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Gives every attempt at a sampled call a span, and the attempt's request its place in
 * it. Outermost of all filters, so that the time an attempt waits for its turn is in its
 * span, and who refuses it. Thread-safe.
 */
public final class AttemptTracing implements AttemptFilter {

	private final Tracer tracer;

	private final Pricing pricing;

	private final @Nullable MessageContent content;

	/**
	 * Creates the filter.
	 * @param content what spans tell of what is said; {@code null} for nothing
	 */
	public AttemptTracing(Tracer tracer, Pricing pricing, @Nullable MessageContent content) {
		this.tracer = tracer;
		this.pricing = pricing;
		this.content = content;
	}

	@Override
	public Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next) {
		TraceContext place = attempt.request().trace();
		return (place != null && place.sampled()) ? new Traced(attempt, place, next) : next.execute(attempt);
	}

	@Override
	public int getOrder() {
		return AttemptOrder.BULKHEAD.order() - 1000;
	}

	private final class Traced extends Mono<LlmResponse> {

		private final Attempt attempt;

		private final TraceContext parent;

		private final AttemptHandler next;

		Traced(Attempt attempt, TraceContext parent, AttemptHandler next) {
			this.attempt = attempt;
			this.parent = parent;
			this.next = next;
		}

		@Override
		public void subscribe(CoreSubscriber<? super LlmResponse> actual) {
			AttemptTracing tracing = AttemptTracing.this;
			CallSpan call = CallTracing.of(actual.currentContext());
			if (call != null && this.attempt.kind() != Attempt.Kind.FIRST) {
				call.again(this.attempt);
			}
			AttemptSpan span = AttemptSpan.start(tracing.tracer, this.attempt, this.parent, tracing.pricing,
					tracing.content, call);
			span.subscribe(this.next.execute(span.attempt()), actual);
		}

	}

}
