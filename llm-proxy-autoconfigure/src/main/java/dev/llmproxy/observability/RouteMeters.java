package dev.llmproxy.observability;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.observability.call.CallRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** The meters of one route's calls. Thread-safe. */
final class RouteMeters {

	private final Timer overhead;

	private final Map<CallRecord.End, MetersByWord<Counter>> requests = new EnumMap<>(CallRecord.End.class);

	RouteMeters(MeterRegistry registry, String route) {
		this.overhead = Timer.builder("llm.proxy.request.overhead")
			.description("The gateway's own time until an answer or an error began: no provider was waited for")
			.tag("llm.route", route)
			.serviceLevelObjectives(Buckets.OVERHEAD)
			.register(registry);
		for (CallRecord.End end : CallRecord.End.values()) {
			this.requests.put(end,
					new MetersByWord<>((errorType) -> Counter.builder("llm.proxy.requests")
						.description("Calls that are over, by how they ended")
						.tags("llm.route", route, "outcome", end.label(), "error.type", errorType)
						.register(registry)));
		}
	}

	void record(CallRecord call, String errorType) {
		Objects.requireNonNull(this.requests.get(call.end())).of(errorType).increment();
		// Of a caller who left before that it is not known how long a provider was waited
		// for.
		if (call.firstToken() >= 0 || call.end() == CallRecord.End.FAILED) {
			this.overhead.record(call.overhead(), TimeUnit.NANOSECONDS);
		}
	}

}
