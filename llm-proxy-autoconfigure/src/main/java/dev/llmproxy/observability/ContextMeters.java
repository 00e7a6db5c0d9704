package dev.llmproxy.observability;

import java.util.Locale;

import dev.llmproxy.context.ContextAction;
import dev.llmproxy.context.ContextListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts what is done with long conversations, and the tokens that it saves. Thread-safe.
 */
public final class ContextMeters implements ContextListener {

	private final MeterRegistry registry;

	public ContextMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void done(ContextAction action, long before, long after) {
		Counter.builder("llm.proxy.context.conversations")
			.description("Conversations that were too long, by what was done")
			.tag("action", action.label())
			.register(this.registry)
			.increment();
		Counter.builder("llm.proxy.context.tokens.saved")
			.description("Tokens of prompts that were not sent")
			.tag("action", action.label())
			.baseUnit("tokens")
			.register(this.registry)
			.increment((action != ContextAction.REJECTED) ? Math.max(0, before - after) : 0);
	}

	@Override
	public void summary(SummaryEvent event) {
		Counter.builder("llm.proxy.context.summaries")
			.description("Summaries of conversations, by what became of them")
			.tag("event", event.name().toLowerCase(Locale.ROOT))
			.register(this.registry)
			.increment();
	}

}
