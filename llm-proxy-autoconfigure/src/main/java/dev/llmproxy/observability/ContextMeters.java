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

	private final MetersByWord<Counter> conversations;

	private final MetersByWord<Counter> saved;

	private final MetersByWord<Counter> summaries;

	public ContextMeters(MeterRegistry registry) {
		this.conversations = new MetersByWord<>((action) -> Counter.builder("llm.proxy.context.conversations")
			.description("Conversations that were too long, by what was done")
			.tag("action", action)
			.register(registry));
		this.saved = new MetersByWord<>((action) -> Counter.builder("llm.proxy.context.tokens.saved")
			.description("Tokens of prompts that were not sent")
			.tag("action", action)
			.baseUnit("tokens")
			.register(registry));
		this.summaries = new MetersByWord<>((event) -> Counter.builder("llm.proxy.context.summaries")
			.description("Summaries of conversations, by what became of them")
			.tag("event", event)
			.register(registry));
	}

	@Override
	public void done(ContextAction action, long before, long after) {
		this.conversations.of(action.label()).increment();
		this.saved.of(action.label()).increment((action != ContextAction.REJECTED) ? Math.max(0, before - after) : 0);
	}

	@Override
	public void summary(SummaryEvent event) {
		this.summaries.of(event.name().toLowerCase(Locale.ROOT)).increment();
	}

}
