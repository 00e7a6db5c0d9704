package dev.llmproxy.observability;

import dev.llmproxy.gateway.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * Says whose trace it is while something is measured, so that a meter may keep it as an
 * example. Thread-safe.
 */
@FunctionalInterface
public interface Exemplars {

	/** Nobody keeps examples. */
	Exemplars NONE = (trace, recording) -> recording.run();

	/** Runs it as part of a trace. */
	void within(TraceContext trace, Runnable recording);

	/** Whether it is worth it: a trace that is not recorded is no example. */
	default boolean wants(@Nullable TraceContext trace) {
		return trace != null && trace.sampled();
	}

}
