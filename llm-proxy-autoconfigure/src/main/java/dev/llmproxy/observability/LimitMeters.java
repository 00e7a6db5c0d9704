package dev.llmproxy.observability;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.llmproxy.limit.FailureMode;
import dev.llmproxy.limit.Limited;
import dev.llmproxy.limit.LimitListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts what limits decide, by rule. Rules are configured, so their number is bounded.
 * Thread-safe.
 */
public final class LimitMeters implements LimitListener {

	private static final String DECISIONS = "llm.proxy.limit.decisions";

	private final MeterRegistry registry;

	private final Map<String, Counter> admitted = new ConcurrentHashMap<>();

	public LimitMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void admitted(String quota) {
		Counter known = this.admitted.get(quota);
		((known != null) ? known : this.admitted.computeIfAbsent(quota, (name) -> decisions(name, "admitted", "none")))
			.increment();
	}

	@Override
	public void refused(String quota, Limited limited) {
		decisions(quota, "refused", limited.label()).increment();
	}

	private Counter decisions(String quota, String outcome, String limited) {
		return Counter.builder(DECISIONS)
			.description("Calls that a limit admitted or refused")
			.tag("limit", quota)
			.tag("outcome", outcome)
			.tag("limited", limited)
			.register(this.registry);
	}

	@Override
	public void uncounted(FailureMode mode) {
		Counter.builder("llm.proxy.limit.fallbacks")
			.description("Decisions that were made without the shared counts")
			.tag("failure.mode", mode.name().toLowerCase(Locale.ROOT))
			.register(this.registry)
			.increment();
	}

}
