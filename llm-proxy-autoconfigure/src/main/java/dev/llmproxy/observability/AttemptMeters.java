package dev.llmproxy.observability;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/** The meters of attempts with the same labels. Thread-safe. */
final class AttemptMeters {

	private static final String SUCCESS = "success";

	private final MeterRegistry registry;

	private final String prefix;

	private final Tags tags;

	private final MetersByWord<Timer> durations;

	private final Map<Attempt.Kind, MetersByWord<Counter>> attempts = new EnumMap<>(Attempt.Kind.class);

	private final GenAiConventions conventions;

	private @Nullable Timer firstChunk;

	private @Nullable Timer outputChunk;

	private @Nullable TokenMeters tokens;

	AttemptMeters(MeterRegistry registry, AttemptLabels labels, GenAiConventions conventions) {
		this.registry = registry;
		this.conventions = conventions;
		this.prefix = (conventions == GenAiConventions.DRAFT) ? "gen_ai.client.inference." : "gen_ai.client.operation.";
		this.tags = Tags.of("gen_ai.operation.name", labels.operation(), "gen_ai.provider.name", labels.vendor(),
				"gen_ai.request.model", labels.model(), "llm.route", labels.route());
		String duration = durationName(labels);
		this.durations = new MetersByWord<>((errorType) -> Timer.builder(duration)
			.description("What attempts at providers took, to their last byte")
			.tags(this.tags.and("error.type", errorType))
			.serviceLevelObjectives(Buckets.DURATION)
			.register(registry));
		for (Attempt.Kind kind : Attempt.Kind.values()) {
			this.attempts.put(kind,
					new MetersByWord<>((outcome) -> Counter.builder("llm.proxy.attempts")
						.description("Attempts at providers, by why they were made and how they ended")
						.tags("llm.route", labels.route(), "provider", labels.provider(), "kind", kind.label(),
								"outcome", outcome)
						.register(registry)));
		}
	}

	private String durationName(AttemptLabels labels) {
		return (this.conventions == GenAiConventions.DRAFT
				&& labels.operation().equals(Operation.EMBEDDINGS.operationName()))
						? "gen_ai.client.embeddings.duration" : this.prefix + "duration";
	}

	/** An attempt is over. */
	void ended(Attempt.Kind kind, String errorType, long nanos) {
		this.durations.of(errorType).record(nanos, TimeUnit.NANOSECONDS);
		Objects.requireNonNull(this.attempts.get(kind))
			.of(errorType.equals(ErrorTypes.NONE) ? SUCCESS : errorType)
			.increment();
	}

	void used(Usage usage) {
		TokenMeters tokens = this.tokens;
		if (tokens == null) {
			// Made twice at the worst, of the same meters.
			tokens = new TokenMeters(this.registry, this.tags, this.conventions);
			this.tokens = tokens;
		}
		tokens.record(usage);
	}

	/** The first chunk of a stream came. */
	void firstChunk(long nanos) {
		Timer timer = this.firstChunk;
		if (timer == null) {
			timer = timer("time_to_first_chunk", "Time until the first chunk of a stream came");
			this.firstChunk = timer;
		}
		timer.record(nanos, TimeUnit.NANOSECONDS);
	}

	/** A stream ended, in which chunks were so far apart. */
	void outputChunk(long nanos) {
		Timer timer = this.outputChunk;
		if (timer == null) {
			timer = timer("time_per_output_chunk", "Mean time between the chunks of a stream");
			this.outputChunk = timer;
		}
		timer.record(nanos, TimeUnit.NANOSECONDS);
	}

	private Timer timer(String name, String description) {
		return Timer.builder(this.prefix + name)
			.description(description)
			.tags(this.tags)
			.serviceLevelObjectives(Buckets.DURATION)
			.register(this.registry);
	}

}
