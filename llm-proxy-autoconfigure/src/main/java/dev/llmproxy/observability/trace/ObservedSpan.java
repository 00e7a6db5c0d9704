package dev.llmproxy.observability.trace;

import dev.llmproxy.gateway.TraceContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * The span of the observation that a reactive application is in, which is in its
 * subscriber's context and perhaps on no thread; else that of the thread.
 */
public final class ObservedSpan implements CurrentSpan {

	@Override
	public @Nullable TraceContext in(ContextView context) {
		Object observation = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
		TracingContext tracing = (observation instanceof Observation known)
				? known.getContextView().get(TracingContext.class) : null;
		Span span = (tracing != null) ? tracing.getSpan() : null;
		return (span != null) ? of(span.context()) : OF_THREAD.in(context);
	}

	private static @Nullable TraceContext of(io.micrometer.tracing.TraceContext span) {
		String traceId = span.traceId();
		String spanId = span.spanId();
		return (traceId.length() == 32 && spanId.length() == 16)
				? new TraceContext(traceId, spanId, Boolean.TRUE.equals(span.sampled()), null) : null;
	}

}
