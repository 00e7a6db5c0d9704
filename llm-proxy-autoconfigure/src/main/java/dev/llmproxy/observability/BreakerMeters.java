package dev.llmproxy.observability;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.BreakerListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Shows the state of breakers, and counts how often they turn. Targets that are
 * configured are there from the start; of others, which callers name, those are whose
 * breaker turned. Thread-safe.
 */
public final class BreakerMeters implements BreakerListener {

	private static final List<String> STATES = List.of("closed", "open", "half_open", "forced_open");

	private final MeterRegistry registry;

	private final SeriesCap cap;

	private final BreakerGate breakers;

	private final Supplier<? extends Collection<String>> targets;

	private final Set<String> shown = ConcurrentHashMap.newKeySet();

	/**
	 * Creates the meters; somebody has to make them hear of the breakers.
	 * @param targets the ids of those that are configured now
	 */
	public BreakerMeters(MeterRegistry registry, SeriesCap cap, BreakerGate breakers,
			Supplier<? extends Collection<String>> targets) {
		this.registry = registry;
		this.cap = cap;
		this.breakers = breakers;
		this.targets = targets;
	}

	/** Other targets may be configured than before. */
	public void refresh() {
		this.targets.get().forEach(this::show);
	}

	@Override
	public void turned(String target, String from, String to) {
		String name = this.cap.name(target);
		Counter.builder("llm.proxy.breaker.transitions")
			.description("How often breakers turned, by what they turned to")
			.tags("target", name, "to", to)
			.register(this.registry)
			.increment();
		if (!name.equals(SeriesCap.OTHER)) {
			show(name);
		}
	}

	private void show(String target) {
		if (this.shown.add(target)) {
			for (String state : STATES) {
				Gauge
					.builder("llm.proxy.breaker.state", this.breakers,
							(breakers) -> breakers.state(target).equals(state) ? 1 : 0)
					.description("1 for the state that a target's breaker is in, 0 for the others")
					.tags("target", target, "state", state)
					.register(this.registry);
			}
		}
	}

}
