package dev.llmproxy.observability;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.limit.FailureMode;
import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.limit.Limited;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts what limits decide, by rule. Rules are configured, so their number is bounded.
 * Thread-safe.
 */
public final class LimitMeters implements LimitListener {

	private final MetersByWord<Counter> admitted;

	private final Map<Limited, MetersByWord<Counter>> refused = new EnumMap<>(Limited.class);

	private final MetersByWord<Counter> fallbacks;

	public LimitMeters(MeterRegistry registry) {
		this.admitted = decisions(registry, "admitted", "none");
		for (Limited limited : Limited.values()) {
			this.refused.put(limited, decisions(registry, "refused", limited.label()));
		}
		this.fallbacks = new MetersByWord<>((mode) -> Counter.builder("llm.proxy.limit.fallbacks")
			.description("Decisions that were made without the shared counts")
			.tag("failure.mode", mode)
			.register(registry));
	}

	private static MetersByWord<Counter> decisions(MeterRegistry registry, String outcome, String limited) {
		return new MetersByWord<>((quota) -> Counter.builder("llm.proxy.limit.decisions")
			.description("Calls that a limit admitted or refused")
			.tag("limit", quota)
			.tag("outcome", outcome)
			.tag("limited", limited)
			.register(registry));
	}

	@Override
	public void admitted(String quota) {
		this.admitted.of(quota).increment();
	}

	@Override
	public void refused(String quota, Limited limited) {
		Objects.requireNonNull(this.refused.get(limited)).of(quota).increment();
	}

	@Override
	public void uncounted(FailureMode mode) {
		this.fallbacks.of(mode.name().toLowerCase(Locale.ROOT)).increment();
	}

}
