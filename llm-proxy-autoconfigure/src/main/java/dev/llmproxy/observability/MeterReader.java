package dev.llmproxy.observability;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.search.Search;
import org.jspecify.annotations.Nullable;

/**
 * Reads what meters say, several of one name together. Times are seconds. Thread-safe.
 */
public final class MeterReader {

	private final MeterRegistry registry;

	public MeterReader(MeterRegistry registry) {
		this.registry = registry;
	}

	/**
	 * What the meters of a name say now.
	 * @param tags that they have to have, by name
	 * @return {@code null} if there is none
	 */
	public @Nullable MeterReading read(String name, Map<String, String> tags) {
		Search search = this.registry.find(name);
		for (Map.Entry<String, String> tag : tags.entrySet()) {
			search = search.tag(tag.getKey(), tag.getValue());
		}
		MeterReading all = null;
		for (Meter meter : search.meters()) {
			MeterReading one = read(meter);
			all = (all != null) ? all.plus(one) : one;
		}
		return all;
	}

	private static MeterReading read(Meter meter) {
		return meter.match(MeterReader::gauge, MeterReader::counter, MeterReader::timer, MeterReader::summary,
				MeterReader::tasks, MeterReader::timeGauge, MeterReader::functionCounter, MeterReader::functionTimer,
				(other) -> MeterReading.NOTHING);
	}

	private static MeterReading gauge(Gauge gauge) {
		return MeterReading.value(gauge.value());
	}

	private static MeterReading timeGauge(TimeGauge gauge) {
		return MeterReading.value(gauge.value(TimeUnit.SECONDS));
	}

	private static MeterReading tasks(LongTaskTimer tasks) {
		return MeterReading.value(tasks.activeTasks());
	}

	private static MeterReading counter(Counter counter) {
		return MeterReading.count(counter.count(), 0);
	}

	private static MeterReading functionCounter(FunctionCounter counter) {
		return MeterReading.count(counter.count(), 0);
	}

	private static MeterReading functionTimer(FunctionTimer timer) {
		return MeterReading.count(timer.count(), timer.totalTime(TimeUnit.SECONDS));
	}

	private static MeterReading timer(Timer timer) {
		HistogramSnapshot snapshot = timer.takeSnapshot();
		double[][] buckets = buckets(snapshot, true);
		return new MeterReading(Double.NaN, Double.NaN, timer.count(), timer.totalTime(TimeUnit.SECONDS),
				timer.max(TimeUnit.SECONDS), buckets[0], buckets[1], percentiles(snapshot, true));
	}

	private static MeterReading summary(DistributionSummary summary) {
		HistogramSnapshot snapshot = summary.takeSnapshot();
		double[][] buckets = buckets(snapshot, false);
		return new MeterReading(Double.NaN, Double.NaN, summary.count(), summary.totalAmount(), summary.max(),
				buckets[0], buckets[1], percentiles(snapshot, false));
	}

	private static double[][] buckets(HistogramSnapshot snapshot, boolean time) {
		CountAtBucket[] counts = snapshot.histogramCounts();
		double[][] buckets = new double[2][counts.length];
		for (int i = 0; i < counts.length; i++) {
			buckets[0][i] = time ? counts[i].bucket(TimeUnit.SECONDS) : counts[i].bucket();
			buckets[1][i] = counts[i].count();
		}
		return buckets;
	}

	private static double[][] percentiles(HistogramSnapshot snapshot, boolean time) {
		ValueAtPercentile[] values = snapshot.percentileValues();
		double[][] percentiles = new double[2][values.length];
		for (int i = 0; i < values.length; i++) {
			percentiles[0][i] = values[i].percentile();
			percentiles[1][i] = time ? values[i].value(TimeUnit.SECONDS) : values[i].value();
		}
		return percentiles;
	}

}
