package dev.llmproxy.observability.trace;

import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.TraceContext;
import io.opentelemetry.api.trace.Tracer;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Gives every call its place in a trace, and those that are sampled a span. It is decided
 * before there is a span, so that a call which is not sampled costs a random number.
 * Outermost of all filters: what they tell of a call they tell with its trace.
 * Thread-safe.
 */
public final class CallTracing implements LlmFilter {

	private final Tracer tracer;

	private final Sampling sampling;

	private final boolean acceptContext;

	private final CurrentSpan current;

	/**
	 * Creates the filter.
	 * @param acceptContext whether a trace goes on that a caller's headers tell of
	 * @param current tells where callers are that are no HTTP clients
	 */
	public CallTracing(Tracer tracer, Sampling sampling, boolean acceptContext, CurrentSpan current) {
		this.tracer = tracer;
		this.sampling = sampling;
		this.acceptContext = acceptContext;
		this.current = current;
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		if (request.inProcess() && !request.caller().equals(Caller.ANONYMOUS)) {
			return Mono.deferContextual((context) -> filter(request, next, this.current.in(context)));
		}
		return filter(request, next, this.acceptContext ? told(request) : null);
	}

	private Mono<LlmResponse> filter(LlmRequest request, LlmHandler next, @Nullable TraceContext parent) {
		TraceContext place = this.sampling.decide(request.operation(), parent);
		return place.sampled() ? new Traced(request, next, (parent != null) ? place : null)
				: next.handle(request.withTrace(place));
	}

	private static @Nullable TraceContext told(LlmRequest request) {
		String header = request.hint("traceparent");
		return (header != null) ? Traceparent.read(header, request.hint("tracestate")) : null;
	}

	@Override
	public int getOrder() {
		return FilterOrder.OBSERVATION.order() - 1000;
	}

	/** The span begins when somebody subscribes to the answer. */
	private final class Traced extends Mono<LlmResponse> {

		private final LlmRequest request;

		private final LlmHandler next;

		private final @Nullable TraceContext parent;

		Traced(LlmRequest request, LlmHandler next, @Nullable TraceContext parent) {
			this.request = request;
			this.next = next;
			this.parent = parent;
		}

		@Override
		public void subscribe(CoreSubscriber<? super LlmResponse> actual) {
			CallSpan span = CallSpan.start(CallTracing.this.tracer, this.request, this.parent);
			span.subscribe(this.next.handle(span.request())
				.contextWrite((Context context) -> context.put(CallSpan.class, span)), actual);
		}

	}

	/**
	 * The span of the call that a subscriber is part of; {@code null} if it is in none.
	 */
	static @Nullable CallSpan of(ContextView context) {
		return context.getOrDefault(CallSpan.class, null);
	}

}
