package dev.llmproxy.observability;

import java.util.Locale;
import java.util.function.LongSupplier;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.gateway.MemoryBudget.Use;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Shows what memory is held for. Reads counters that are there; nothing is per call. */
public final class MemoryMeters implements MeterBinder {

	private final CountedMemory memory;

	private final Admission admission;

	private final LongSupplier direct;

	/**
	 * Creates the meters.
	 * @param direct bytes that Netty took outside the heap
	 */
	public MemoryMeters(CountedMemory memory, Admission admission, LongSupplier direct) {
		this.memory = memory;
		this.admission = admission;
		this.direct = direct;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Use use : Use.values()) {
			Gauge.builder("llm.proxy.memory.bytes", this.memory, (memory) -> memory.used(use))
				.description("Bytes held for calls, recordings and caches")
				.tag("use", use.name().toLowerCase(Locale.ROOT))
				.baseUnit("bytes")
				.register(registry);
		}
		Gauge.builder("llm.proxy.memory.limit", this.memory, (memory) -> memory.marks().limit())
			.description("Bytes that may be held")
			.baseUnit("bytes")
			.register(registry);
		Gauge.builder("llm.proxy.memory.direct", this.direct, LongSupplier::getAsLong)
			.description("Bytes outside the heap that Netty took for its buffers")
			.baseUnit("bytes")
			.register(registry);
		Gauge.builder("llm.proxy.memory.pressure", this.memory, (memory) -> memory.pressure().ordinal())
			.description("0 for none; 1 when caches shrink; 2 when new calls are refused")
			.register(registry);
		FunctionCounter.builder("llm.proxy.memory.shed", this.admission, Admission::refused)
			.description("Calls that were refused because there was no memory for them")
			.register(registry);
	}

}
