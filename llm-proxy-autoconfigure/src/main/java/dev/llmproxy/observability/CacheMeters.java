package dev.llmproxy.observability;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

	private final MeterRegistry registry;

	private final Map<String, Counter> counters = new ConcurrentHashMap<>();

	public CacheMeters(MeterRegistry registry) {
		this.registry = registry;
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
		count("llm.proxy.cache.requests", "Requests by what the cache did for them", "outcome",
				stale ? "stale" : outcome.label());
	}

	@Override
	public void kept() {
		count("llm.proxy.cache.stores", "Answers that were kept, and why others were not", "outcome", "kept");
	}

	@Override
	public void passedOver(String reason) {
		count("llm.proxy.cache.stores", "Answers that were kept, and why others were not", "outcome", reason);
	}

	@Override
	public void evicted() {
		count("llm.proxy.cache.evictions", "Answers that had to make room", "cause", "size");
	}

	@Override
	public void sharedFault(String reason) {
		count("llm.proxy.cache.shared.faults", "Questions to the shared store that were of no use", "reason", reason);
	}

	/** Reasons are words of ours, of which there are few. */
	private void count(String name, String description, String tag, String value) {
		this.counters
			.computeIfAbsent(name + value,
					(key) -> Counter.builder(name).description(description).tag(tag, value).register(this.registry))
			.increment();
	}

}
