package dev.llmproxy.observability.log;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Counts events that the log lost. */
public final class LogMeters implements MeterBinder {

	private final AccessLog log;

	public LogMeters(AccessLog log) {
		this.log = log;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		FunctionCounter.builder("llm.proxy.log.dropped", this.log, AccessLog::dropped)
			.description("Events of the access log that were lost, because it could not keep up or failed")
			.register(registry);
	}

}
