package dev.llmproxy.observability;

import java.util.Map;
import java.util.TreeMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts reloads of the configuration by how they ended. Thread-safe. */
public final class ReloadMeters {

	private final Map<String, Counter> counters = new TreeMap<>();

	/**
	 * Creates the meters, all of which are there before anything is counted.
	 * @param outcomes how a reload may end
	 */
	public ReloadMeters(MeterRegistry registry, Iterable<String> outcomes) {
		for (String outcome : outcomes) {
			this.counters.put(outcome,
					Counter.builder("llm.proxy.config.reloads")
						.description("Reloads of the configuration; after a refused one the old configuration holds")
						.tag("outcome", outcome)
						.register(registry));
		}
	}

	/** Counts one. */
	public void count(String outcome) {
		Counter counter = this.counters.get(outcome);
		if (counter != null) {
			counter.increment();
		}
	}

}
