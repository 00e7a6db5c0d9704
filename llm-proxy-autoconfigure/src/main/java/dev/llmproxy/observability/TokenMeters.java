package dev.llmproxy.observability;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.llmproxy.chat.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** The tokens of attempts with the same labels, as the conventions have them. */
final class TokenMeters {

	private final DistributionSummary input;

	private final DistributionSummary output;

	private final Counter estimated;

	/** What the draft counts beside that. */
	private final List<Total> totals;

	TokenMeters(MeterRegistry registry, Tags tags, GenAiConventions conventions) {
		boolean draft = conventions == GenAiConventions.DRAFT;
		this.input = draft ? summary(registry, "gen_ai.client.inference.operation.input_tokens", "tokens", tags)
				: summary(registry, "gen_ai.client.token.usage", "token", tags.and("gen_ai.token.type", "input"));
		this.output = draft ? summary(registry, "gen_ai.client.inference.operation.output_tokens", "tokens", tags)
				: summary(registry, "gen_ai.client.token.usage", "token", tags.and("gen_ai.token.type", "output"));
		this.estimated = Counter.builder("llm.proxy.usage.estimated")
			.description("Attempts whose tokens the provider did not tell, or told wrongly")
			.tags(tags)
			.register(registry);
		this.totals = draft ? totals(registry, tags) : List.of();
	}

	private static DistributionSummary summary(MeterRegistry registry, String name, String unit, Tags tags) {
		return DistributionSummary.builder(name)
			.description("Tokens of each attempt")
			.baseUnit(unit)
			.tags(tags)
			.serviceLevelObjectives(Buckets.tokens())
			.register(registry);
	}

	private static List<Total> totals(MeterRegistry registry, Tags tags) {
		List<Total> totals = new ArrayList<>();
		totals.add(total(registry, tags, "input_tokens", Usage::inputTokens));
		totals.add(total(registry, tags, "output_tokens", Usage::outputTokens));
		totals.add(total(registry, tags, "cache_read.input_tokens", Usage::cacheReadTokens));
		totals.add(total(registry, tags, "cache_write.input_tokens", Usage::cacheWriteTokens));
		totals.add(total(registry, tags, "reasoning.output_tokens", Usage::reasoningTokens));
		return List.copyOf(totals);
	}

	private static Total total(MeterRegistry registry, Tags tags, String name, ToLongFunction<Usage> tokens) {
		return new Total(Counter.builder("gen_ai.client.inference.usage." + name)
			.description("Tokens of all attempts")
			.baseUnit("tokens")
			.tags(tags)
			.register(registry), tokens);
	}

	void record(Usage usage) {
		this.input.record(usage.inputTokens());
		this.output.record(usage.outputTokens());
		if (usage.estimated()) {
			this.estimated.increment();
		}
		if (!this.totals.isEmpty()) {
			for (Total total : this.totals) {
				total.counter().increment(total.tokens().applyAsLong(usage));
			}
		}
	}

	private record Total(Counter counter, ToLongFunction<Usage> tokens) {
	}

}
