package dev.llmproxy.observability.trace;

import dev.llmproxy.gateway.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/** Knows where in a trace an application is that calls in-process. Thread-safe. */
@FunctionalInterface
public interface CurrentSpan {

	/** What OpenTelemetry has as current on the calling thread. */
	CurrentSpan OF_THREAD = (context) -> of(Span.fromContext(Context.current()).getSpanContext());

	/**
	 * The place of the caller.
	 * @param context of the subscriber
	 * @return {@code null} if the caller is in no trace
	 */
	@Nullable TraceContext in(ContextView context);

	/** The same in our words; {@code null} if it is not valid. */
	static @Nullable TraceContext of(SpanContext span) {
		return span.isValid() ? new TraceContext(span.getTraceId(), span.getSpanId(), span.isSampled(), null) : null;
	}

}
