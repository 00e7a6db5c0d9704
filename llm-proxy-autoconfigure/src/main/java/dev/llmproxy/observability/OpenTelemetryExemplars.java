package dev.llmproxy.observability;

import dev.llmproxy.gateway.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;

/**
 * Makes a call's trace OpenTelemetry's current one, where meters look for it. No longer
 * than they are recorded: nothing of a call may stay behind on a thread that serves many.
 */
public final class OpenTelemetryExemplars implements Exemplars {

	@Override
	public void within(TraceContext trace, Runnable recording) {
		SpanContext context = SpanContext.create(trace.traceId(), trace.spanId(),
				trace.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(), TraceState.getDefault());
		Context.root().with(Span.wrap(context)).wrap(recording).run();
	}

}
