package dev.llmproxy.observability;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.TraceContext;
import dev.llmproxy.observability.call.CallListener;
import dev.llmproxy.observability.call.CallRecord;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What callers get of us, by the OpenTelemetry GenAI conventions where these have a name
 * for it: we are the server. Thread-safe.
 */
public final class RequestMeters implements CallListener {

	private final Series<RequestLabels, ServedMeters> series;

	private final Exemplars exemplars;

	private final LongAdder active = new LongAdder();

	private final LongAdder streams = new LongAdder();

	/**
	 * Creates the meters.
	 * @param exemplars hears whose trace it is
	 * @param vendors tells a provider's {@code gen_ai.provider.name} by its name here
	 */
	public RequestMeters(MeterRegistry registry, SeriesCap cap, Exemplars exemplars, UnaryOperator<String> vendors) {
		this.exemplars = exemplars;
		Series<RouteLabels, RouteMeters> routes = new Series<>(cap,
				(labels) -> new RouteMeters(registry, labels.route()));
		this.series = new Series<>(cap,
				(labels) -> new ServedMeters(registry, labels,
						labels.provider().equals(SeriesCap.NONE) ? SeriesCap.NONE : vendors.apply(labels.provider()),
						routes.of(new RouteLabels(labels.route()))));
		Gauge.builder("llm.proxy.requests.active", this.active, LongAdder::sum)
			.description("Calls that came in and are not over")
			.register(registry);
		Gauge.builder("llm.proxy.streams.active", this.streams, LongAdder::sum)
			.description("Streams that began and are not over")
			.register(registry);
	}

	@Override
	public void began(LlmRequest request) {
		this.active.increment();
	}

	@Override
	public void answered(LlmRequest request, long nanos) {
		if (request.stream()) {
			this.streams.increment();
		}
	}

	@Override
	public void ended(CallRecord call) {
		this.active.decrement();
		if (call.stream() && call.firstToken() >= 0) {
			this.streams.decrement();
		}
		ServedMeters meters = this.series.of(labels(call));
		TraceContext trace = call.trace();
		if (trace != null && this.exemplars.wants(trace)) {
			this.exemplars.within(trace, () -> meters.record(call));
		}
		else {
			meters.record(call);
		}
	}

	private static RequestLabels labels(CallRecord call) {
		AttemptRecord last = call.last();
		String route = call.route();
		return new RequestLabels(call.operation().operationName(), (last != null) ? last.provider() : SeriesCap.NONE,
				(route != null) ? route : SeriesCap.NONE, call.model().isEmpty() ? SeriesCap.NONE : call.model());
	}

	/** The label of a route alone, which the cap has seen already. */
	private record RouteLabels(String route) implements Series.Labels<RouteLabels> {

		@Override
		public RouteLabels within(SeriesCap cap) {
			return this;
		}

	}

}
