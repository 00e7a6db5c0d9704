package dev.llmproxy.observability;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * What attempts at providers took, in time and tokens, by the OpenTelemetry GenAI
 * conventions: we are the client. Thread-safe.
 */
public final class GenAiMeters {

	private final Series<AttemptLabels, AttemptMeters> series;

	/**
	 * Creates the meters.
	 * @param conventions whose names they have
	 */
	public GenAiMeters(MeterRegistry registry, SeriesCap cap, GenAiConventions conventions) {
		this.series = new Series<>(cap, (labels) -> new AttemptMeters(registry, labels, conventions));
	}

	AttemptMeters of(AttemptLabels labels) {
		return this.series.of(labels);
	}

}
