package dev.llmproxy.observability;

import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.observability.call.CallRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/** The meters of calls with the same labels. Thread-safe. */
final class ServedMeters {

	private final MeterRegistry registry;

	private final Tags tags;

	private final RouteMeters route;

	private final MetersByWord<Timer> durations;

	private @Nullable Timer firstToken;

	private @Nullable Timer outputToken;

	/**
	 * Creates the meters.
	 * @param vendor as {@code gen_ai.provider.name} says it
	 * @param route those of its route
	 */
	ServedMeters(MeterRegistry registry, RequestLabels labels, String vendor, RouteMeters route) {
		this.registry = registry;
		this.route = route;
		this.tags = Tags.of("gen_ai.operation.name", labels.operation(), "gen_ai.provider.name", vendor,
				"gen_ai.request.model", labels.model(), "llm.route", labels.route());
		this.durations = new MetersByWord<>((errorType) -> Timer.builder("gen_ai.server.request.duration")
			.description("What calls took, to the last byte of their answer")
			.tags(this.tags.and("error.type", errorType))
			.serviceLevelObjectives(Buckets.DURATION)
			.register(registry));
	}

	void record(CallRecord call) {
		String errorType = (call.end() == CallRecord.End.CANCELLED) ? ErrorTypes.CANCELLED
				: ErrorTypes.of(call.error());
		this.route.record(call, errorType);
		this.durations.of(errorType).record(call.duration(), TimeUnit.NANOSECONDS);
		if (call.stream() && call.end() == CallRecord.End.SUCCEEDED) {
			streamed(call);
		}
	}

	private void streamed(CallRecord call) {
		firstToken().record(call.firstToken(), TimeUnit.NANOSECONDS);
		Usage usage = call.usage();
		if (usage != null && usage.outputTokens() > 1) {
			outputToken().record((call.duration() - call.firstToken()) / (usage.outputTokens() - 1),
					TimeUnit.NANOSECONDS);
		}
	}

	/** Made twice at the worst, which is the same meter. */
	private Timer firstToken() {
		Timer timer = this.firstToken;
		if (timer == null) {
			timer = Timer.builder("gen_ai.server.time_to_first_token")
				.description("Time until the first token of a complete stream")
				.tags(this.tags)
				.serviceLevelObjectives(Buckets.FIRST_TOKEN)
				.register(this.registry);
			this.firstToken = timer;
		}
		return timer;
	}

	private Timer outputToken() {
		Timer timer = this.outputToken;
		if (timer == null) {
			timer = Timer.builder("gen_ai.server.time_per_output_token")
				.description("Mean time between the tokens of a complete stream")
				.tags(this.tags)
				.serviceLevelObjectives(Buckets.OUTPUT_TOKEN)
				.register(this.registry);
			this.outputToken = timer;
		}
		return timer;
	}

}
