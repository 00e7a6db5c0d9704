package dev.llmproxy.observability;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

import dev.llmproxy.resilience.Bulkhead;
import dev.llmproxy.resilience.BulkheadFilter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Shows how many calls configured targets get at once, and may get. Reads what is there;
 * nothing is per call.
 */
public final class BulkheadMeters {

	private final MeterRegistry registry;

	private final BulkheadFilter bulkheads;

	private final Supplier<? extends Collection<String>> targets;

	private final Set<String> shown = ConcurrentHashMap.newKeySet();

	/**
	 * Creates the meters.
	 * @param targets the ids of those that are configured now
	 */
	public BulkheadMeters(MeterRegistry registry, BulkheadFilter bulkheads,
			Supplier<? extends Collection<String>> targets) {
		this.registry = registry;
		this.bulkheads = bulkheads;
		this.targets = targets;
	}

	/** Other targets may be configured than before. */
	public void refresh() {
		this.targets.get().forEach(this::show);
	}

	private void show(String target) {
		if (this.shown.add(target)) {
			gauge("llm.proxy.bulkhead.limit", "Calls at once that a target gets at present; 0 before its first", target,
					Bulkhead::limit);
			gauge("llm.proxy.bulkhead.calls", "Calls under way to a target", target, Bulkhead::inFlight);
			gauge("llm.proxy.bulkhead.waiting", "Calls that wait for their turn at a target", target,
					Bulkhead::waiting);
		}
	}

	private void gauge(String name, String description, String target, ToIntFunction<Bulkhead> value) {
		Gauge.builder(name, this.bulkheads, (bulkheads) -> {
			Bulkhead bulkhead = bulkheads.all().get(target);
			return (bulkhead != null) ? value.applyAsInt(bulkhead) : 0;
		}).description(description).tag("target", target).register(this.registry);
	}

}
