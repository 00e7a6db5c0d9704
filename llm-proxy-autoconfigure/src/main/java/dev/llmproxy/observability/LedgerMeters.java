package dev.llmproxy.observability;

import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import dev.llmproxy.observability.ledger.LedgerWriter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Shows how the usage ledger does. Reads counters that are there; nothing is per call.
 */
public final class LedgerMeters implements MeterBinder {

	private final Supplier<LedgerWriter> writer;

	public LedgerMeters(Supplier<LedgerWriter> writer) {
		this.writer = writer;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		LedgerWriter writer = this.writer.get();
		counter("llm.proxy.ledger.written", "Entries of the usage ledger that were written", writer, registry,
				(it) -> it.stats().written());
		counter("llm.proxy.ledger.dropped", "Charges that never got into the usage ledger", writer, registry,
				(it) -> it.stats().dropped());
		counter("llm.proxy.ledger.failures", "Attempts to write the usage ledger that failed", writer, registry,
				(it) -> it.stats().failures());
		Gauge.builder("llm.proxy.ledger.waiting", writer, (it) -> it.stats().waiting())
			.description("Charges that are not written yet")
			.register(registry);
	}

	private static void counter(String name, String description, LedgerWriter writer, MeterRegistry registry,
			ToDoubleFunction<LedgerWriter> value) {
		FunctionCounter.builder(name, writer, value).description(description).register(registry);
	}

}
