package dev.llmproxy.observability;

import java.util.function.Supplier;

import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.cache.CacheOutcome;
import dev.llmproxy.cache.LocalAnswers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Counts what the cache does, and what it holds. Thread-safe. */
public final class CacheMeters implements CacheListener {

	private final MetersByWord<Counter> requests;

	private final MetersByWord<Counter> stores;

	private final MetersByWord<Counter> evictions;

	private final MetersByWord<Counter> sharedFaults;

	public CacheMeters(MeterRegistry registry) {
		this.requests = counters(registry, "llm.proxy.cache.requests", "Requests by what the cache did for them",
				"outcome");
		this.stores = counters(registry, "llm.proxy.cache.stores", "Answers that were kept, and why others were not",
				"outcome");
		this.evictions = counters(registry, "llm.proxy.cache.evictions", "Answers that had to make room", "cause");
		this.sharedFaults = counters(registry, "llm.proxy.cache.shared.faults",
				"Questions to the shared store that were of no use", "reason");
	}

	private static MetersByWord<Counter> counters(MeterRegistry registry, String name, String description, String tag) {
		return new MetersByWord<>(
				(word) -> Counter.builder(name).description(description).tag(tag, word).register(registry));
	}

	/** Measures the answers in memory. */
	public static MeterBinder holding(Supplier<LocalAnswers> answers) {
		return (registry) -> {
			Gauge.builder("llm.proxy.cache.answers", answers, (of) -> of.get().stats().answers())
				.description("Answers that are kept in memory")
				.register(registry);
			Gauge.builder("llm.proxy.cache.size", answers, (of) -> of.get().stats().bytes())
				.description("What the answers in memory weigh")
				.baseUnit("bytes")
				.register(registry);
		};
	}

	@Override
	public void answered(CacheOutcome outcome, boolean stale) {
		this.requests.of(stale ? "stale" : outcome.label()).increment();
	}

	@Override
	public void kept() {
		this.stores.of("kept").increment();
	}

	@Override
	public void passedOver(String reason) {
		this.stores.of(reason).increment();
	}

	@Override
	public void evicted() {
		this.evictions.of("size").increment();
	}

	@Override
	public void sharedFault(String reason) {
		this.sharedFaults.of(reason).increment();
	}

}
