package dev.llmproxy.observability;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the OpenTelemetry GenAI conventions (v1.41 names), looked up once per
 * combination of labels. Models are named by callers, so there is a cap: beyond it
 * everything counts as model {@code other}. Thread-safe.
 */
public final class GenAiMeters {

	/** Buckets that the conventions ask for, in seconds. */
	private static final Duration[] DURATION_BUCKETS = durations(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56,
			5.12, 10.24, 20.48, 40.96, 81.92);

	private static final double[] TOKEN_BUCKETS = { 1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576,
			4194304, 16777216, 67108864 };

	private static final String OTHER = "other";

	private final MeterRegistry registry;

	private final int maxSeries;

	private final Map<Key, Meters> meters = new ConcurrentHashMap<>();

	/**
	 * Creates the meters.
	 * @param maxSeries combinations of labels after which models are {@code other}
	 */
	public GenAiMeters(MeterRegistry registry, int maxSeries) {
		this.registry = registry;
		this.maxSeries = maxSeries;
	}

	void firstChunk(Key key, long nanos) {
		meters(key).firstChunk.record(nanos, TimeUnit.NANOSECONDS);
	}

	void record(Key key, long nanos, @Nullable Usage usage) {
		Meters meters = meters(key);
		meters.duration.record(nanos, TimeUnit.NANOSECONDS);
		if (usage != null) {
			meters.input.record(usage.inputTokens());
			meters.output.record(usage.outputTokens());
			if (usage.estimated()) {
				meters.estimated.increment();
			}
		}
	}

	private Meters meters(Key key) {
		Meters known = this.meters.get(key);
		if (known != null) {
			return known;
		}
		Key bounded = (this.meters.size() < this.maxSeries) ? key
				: new Key(key.operation(), key.vendor(), OTHER, key.errorType());
		return this.meters.computeIfAbsent(bounded, this::register);
	}

	private Meters register(Key key) {
		Tags tags = Tags.of("gen_ai.operation.name", key.operation(), "gen_ai.provider.name", key.vendor(),
				"gen_ai.request.model", key.model());
		Tags withError = tags.and("error.type", (key.errorType() != null) ? key.errorType() : "none");
		return new Meters(
				Timer.builder("gen_ai.client.operation.duration")
					.tags(withError)
					.serviceLevelObjectives(DURATION_BUCKETS)
					.register(this.registry),
				Timer.builder("gen_ai.client.operation.time_to_first_chunk")
					.tags(tags)
					.serviceLevelObjectives(DURATION_BUCKETS)
					.register(this.registry),
				tokens(tags, "input"), tokens(tags, "output"),
				Counter.builder("llm.proxy.usage.estimated")
					.description("Calls whose tokens the provider did not tell, or told wrongly")
					.tags(tags)
					.register(this.registry));
	}

	private DistributionSummary tokens(Tags tags, String type) {
		return DistributionSummary.builder("gen_ai.client.token.usage")
			.baseUnit("token")
			.tags(tags.and("gen_ai.token.type", type))
			.serviceLevelObjectives(TOKEN_BUCKETS)
			.register(this.registry);
	}

	private static Duration[] durations(double... seconds) {
		Duration[] durations = new Duration[seconds.length];
		for (int i = 0; i < seconds.length; i++) {
			durations[i] = Duration.ofMillis(Math.round(seconds[i] * 1000));
		}
		return durations;
	}

	/**
	 * A combination of labels.
	 *
	 * @param errorType {@code null} for success
	 */
	record Key(String operation, String vendor, String model, @Nullable String errorType) {
	}

	private record Meters(Timer duration, Timer firstChunk, DistributionSummary input, DistributionSummary output,
			Counter estimated) {
	}

}
