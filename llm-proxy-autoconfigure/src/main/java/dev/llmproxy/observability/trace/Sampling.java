package dev.llmproxy.observability.trace;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.TraceContext;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import org.jspecify.annotations.Nullable;

/**
 * Decides once for a call whether its spans are recorded, before there is any span. It is
 * the operator's own sampler that decides. Thread-safe.
 */
public final class Sampling {

	/** Says that it is decided, so that the SDK does not decide again. */
	private static final ContextKey<Boolean> DECIDED = ContextKey.named("llm-proxy-sampled");

	private final Sampler sampler;

	public Sampling(Sampler sampler) {
		this.sampler = sampler;
	}

	/**
	 * Where a call is in a trace.
	 * @param parent {@code null} if the trace begins here
	 * @return the parent if there is one, or a trace of its own with nobody as the
	 * parent; sampled or not
	 */
	TraceContext decide(Operation operation, @Nullable TraceContext parent) {
		TraceContext place = (parent != null) ? parent : random();
		Context context = (parent != null) ? Context.root().with(Span.wrap(remote(parent))) : Context.root();
		SamplingDecision decision = this.sampler
			.shouldSample(context, place.traceId(), operation.operationName(), SpanKind.SERVER, Attributes.empty(),
					List.of())
			.getDecision();
		boolean sampled = decision == SamplingDecision.RECORD_AND_SAMPLE;
		return (place.sampled() == sampled) ? place
				: new TraceContext(place.traceId(), place.spanId(), sampled, place.state());
	}

	/** Not secret, so it need not be expensive. */
	private static TraceContext random() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return new TraceContext(TraceId.fromLongs(random.nextLong(), nonZero(random)), SpanId.fromLong(nonZero(random)),
				false, null);
	}

	private static long nonZero(ThreadLocalRandom random) {
		long number = random.nextLong();
		return (number != 0) ? number : 1;
	}

	/** What begins a trace that shall be recorded. */
	static Context root() {
		return Context.root().with(DECIDED, true);
	}

	/** What goes on with a trace that shall be recorded. */
	static Context below(SpanContext parent) {
		return root().with(Span.wrap(parent));
	}

	/** The place of somebody outside. */
	static SpanContext remote(TraceContext place) {
		return SpanContext.createFromRemoteParent(place.traceId(), place.spanId(), flags(place),
				Tracestate.parse(place.state()));
	}

	/** A place in this process. */
	static SpanContext local(TraceContext place) {
		return SpanContext.create(place.traceId(), place.spanId(), flags(place), Tracestate.parse(place.state()));
	}

	private static TraceFlags flags(TraceContext place) {
		return place.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault();
	}

	static boolean isDecided(Context context) {
		return context.get(DECIDED) != null;
	}

}
