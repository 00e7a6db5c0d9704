package dev.llmproxy.observability.trace;

import java.util.List;
import java.util.function.Consumer;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleCounterBuilder;
import io.opentelemetry.api.metrics.DoubleGaugeBuilder;
import io.opentelemetry.api.metrics.DoubleHistogramBuilder;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongCounterBuilder;
import io.opentelemetry.api.metrics.LongUpDownCounterBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterBuilder;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.metrics.ObservableLongCounter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.context.Context;

/**
 * Hears of the spans for which OpenTelemetry's queue has no room. It tells of them by a
 * meter of its own only, so this is a provider of meters that does nothing but to listen
 * for that one. Thread-safe.
 */
public final class DroppedSpans implements MeterProvider {

	/** As it is called now, and as it will be. */
	private static final List<String> COUNTERS = List.of("processedSpans", "otel.sdk.processor.span.processed");

	private static final AttributeKey<Boolean> DROPPED = AttributeKey.booleanKey("dropped");

	private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

	private final ExportWatch watch;

	private final Meter meter = new Listening(MeterProvider.noop().get("none"));

	public DroppedSpans(ExportWatch watch) {
		this.watch = watch;
	}

	@Override
	public MeterBuilder meterBuilder(String scope) {
		return new MeterBuilder() {

			@Override
			public MeterBuilder setSchemaUrl(String url) {
				return this;
			}

			@Override
			public MeterBuilder setInstrumentationVersion(String version) {
				return this;
			}

			@Override
			public Meter build() {
				return DroppedSpans.this.meter;
			}

		};
	}

	private void added(long spans, Attributes attributes) {
		if (Boolean.TRUE.equals(attributes.get(DROPPED)) || "queue_full".equals(attributes.get(ERROR))) {
			this.watch.drop(spans);
		}
	}

	private final class Listening implements Meter {

		private final Meter deaf;

		Listening(Meter deaf) {
			this.deaf = deaf;
		}

		@Override
		public LongCounterBuilder counterBuilder(String name) {
			LongCounterBuilder deaf = this.deaf.counterBuilder(name);
			return COUNTERS.contains(name) ? new Counting(deaf) : deaf;
		}

		@Override
		public LongUpDownCounterBuilder upDownCounterBuilder(String name) {
			return this.deaf.upDownCounterBuilder(name);
		}

		@Override
		public DoubleHistogramBuilder histogramBuilder(String name) {
			return this.deaf.histogramBuilder(name);
		}

		@Override
		public DoubleGaugeBuilder gaugeBuilder(String name) {
			return this.deaf.gaugeBuilder(name);
		}

	}

	private final class Counting implements LongCounterBuilder, LongCounter {

		private final LongCounterBuilder deaf;

		Counting(LongCounterBuilder deaf) {
			this.deaf = deaf;
		}

		@Override
		public LongCounterBuilder setDescription(String description) {
			return this;
		}

		@Override
		public LongCounterBuilder setUnit(String unit) {
			return this;
		}

		@Override
		public DoubleCounterBuilder ofDoubles() {
			return this.deaf.ofDoubles();
		}

		@Override
		public LongCounter build() {
			return this;
		}

		@Override
		public ObservableLongCounter buildWithCallback(Consumer<ObservableLongMeasurement> callback) {
			return this.deaf.buildWithCallback(callback);
		}

		@Override
		public void add(long value) {
			// Says nothing of what became of them.
		}

		@Override
		public void add(long value, Attributes attributes) {
			added(value, attributes);
		}

		@Override
		public void add(long value, Attributes attributes, Context context) {
			added(value, attributes);
		}

	}

}
