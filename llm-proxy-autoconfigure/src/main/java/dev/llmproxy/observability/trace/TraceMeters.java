package dev.llmproxy.observability.trace;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Counts what became of spans. Reads counters that are there; nothing is per call. */
public final class TraceMeters implements MeterBinder {

	private final ExportWatch watch;

	public TraceMeters(ExportWatch watch) {
		this.watch = watch;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		register(registry, "exported", ExportWatch::exported);
		register(registry, "failed", ExportWatch::failed);
		register(registry, "dropped", ExportWatch::dropped);
	}

	private void register(MeterRegistry registry, String outcome, ToDoubleFunction<ExportWatch> count) {
		FunctionCounter.builder("llm.proxy.trace.spans", this.watch, count)
			.description("Spans that were recorded, by what became of them")
			.tag("outcome", outcome)
			.register(registry);
	}

}
