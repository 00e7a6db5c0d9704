package dev.llmproxy.gateway;

import org.jspecify.annotations.Nullable;

/**
 * The place of a call in a distributed trace (W3C Trace Context).
 *
 * @param traceId 32 lower-case hexadecimal digits
 * @param spanId 16 lower-case hexadecimal digits: the span that is the parent of what
 * comes next
 * @param sampled whether spans are recorded
 * @param state the {@code tracestate} to be passed on; {@code null} for none
 */
public record TraceContext(String traceId, String spanId, boolean sampled, @Nullable String state) {

	/** The same trace, further in. */
	public TraceContext withSpan(String spanId) {
		return new TraceContext(this.traceId, spanId, this.sampled, this.state);
	}

	/** As the header {@code traceparent} says it. */
	public String traceparent() {
		return "00-" + this.traceId + "-" + this.spanId + (this.sampled ? "-01" : "-00");
	}

}
