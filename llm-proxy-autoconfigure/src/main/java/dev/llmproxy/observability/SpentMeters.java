package dev.llmproxy.observability;

import java.util.concurrent.atomic.LongAdder;

import dev.llmproxy.chat.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/** What was spent with the same labels. Thread-safe. */
final class SpentMeters {

	private static final double NANOS = 1e9;

	private final MetersByWord<Counter> tokens;

	private final MeterRegistry registry;

	private final Tags tags;

	private final Counter input;

	private final Counter output;

	/** In nano-USD. */
	private final LongAdder told = new LongAdder();

	private final LongAdder estimated = new LongAdder();

	private @Nullable Counter unknown;

	SpentMeters(MeterRegistry registry, ChargeMeters.ChargeLabels labels) {
		this.registry = registry;
		this.tags = Tags.of("provider", labels.provider(), "model", labels.model(), "llm.route", labels.route());
		this.tokens = new MetersByWord<>((type) -> Counter.builder("llm.proxy.tokens")
			.description("Tokens that are charged; details are part of input or output")
			.baseUnit("tokens")
			.tags(this.tags.and("type", type))
			.register(registry));
		this.input = this.tokens.of("input");
		this.output = this.tokens.of("output");
		cost(this.told, false);
		cost(this.estimated, true);
	}

	private void cost(LongAdder nanos, boolean estimated) {
		FunctionCounter.builder("llm.proxy.cost", nanos, (adder) -> adder.sum() / NANOS)
			.description("What attempts cost, in US dollars")
			.baseUnit("usd")
			.tags(this.tags.and("estimated", String.valueOf(estimated)))
			.register(this.registry);
	}

	void record(Usage usage, @Nullable Long cost) {
		this.input.increment(usage.inputTokens());
		this.output.increment(usage.outputTokens());
		detail("cache_read", usage.cacheReadTokens());
		detail("cache_write", usage.cacheWriteTokens());
		detail("reasoning", usage.reasoningTokens());
		detail("audio_input", usage.audioInputTokens());
		detail("audio_output", usage.audioOutputTokens());
		if (cost == null) {
			unknown().increment();
		}
		else {
			(usage.estimated() ? this.estimated : this.told).add(cost);
		}
	}

	private Counter unknown() {
		Counter counter = this.unknown;
		if (counter == null) {
			counter = Counter.builder("llm.proxy.cost.unknown")
				.description("Attempts whose price is not known")
				.tags(this.tags)
				.register(this.registry);
			this.unknown = counter;
		}
		return counter;
	}

	/** Most answers have none, so they need no meter either. */
	private void detail(String type, long tokens) {
		if (tokens > 0) {
			this.tokens.of(type).increment(tokens);
		}
	}

}
