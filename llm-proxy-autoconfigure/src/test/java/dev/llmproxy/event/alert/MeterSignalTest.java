package dev.llmproxy.event.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.observability.MeterReader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Meters as alerts see them, on a clock that a test winds. */
class MeterSignalTest {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private Instant now = Instant.parse("2026-01-01T00:00:00Z");

	@Test
	void aCounterIsComparedWithHowItStoodAtTheBeginningOfTheWindow() {
		Counter one = this.registry.counter("calls", "outcome", "failed", "provider", "a");
		Counter two = this.registry.counter("calls", "outcome", "failed", "provider", "b");
		this.registry.counter("calls", "outcome", "succeeded", "provider", "a").increment(1000);
		one.increment(7);
		MeterSignal count = signal(Statistic.COUNT, Comparison.ABOVE, Map.of("outcome", "failed"));
		MeterSignal rate = signal(Statistic.RATE, Comparison.ABOVE, Map.of("outcome", "failed"));
		assertThat(count.read(this.now)).isNull();
		assertThat(rate.read(this.now)).isNull();
		one.increment(2);
		two.increment(4);
		this.now = this.now.plusSeconds(30);
		assertThat(count.read(this.now)).isEqualTo(6);
		assertThat(rate.read(this.now)).isEqualTo(0.2);
		for (int i = 0; i < 6; i++) {
			this.now = this.now.plusSeconds(10);
			assertThat(count.read(this.now)).as("%s", i).isEqualTo((i < 5) ? 6 : 0);
		}
	}

	@Test
	void aCounterThatIsMadeLaterBeganAtNothing() {
		MeterSignal count = signal(Statistic.COUNT, Comparison.ABOVE, Map.of());
		assertThat(count.read(this.now)).isNull();
		this.registry.counter("calls").increment(3);
		this.now = this.now.plusSeconds(10);
		assertThat(count.read(this.now)).isEqualTo(3);
	}

	@Test
	void ofSeveralGaugesTheWorstCounts() {
		AtomicInteger up = new AtomicInteger(1);
		Gauge.builder("calls", up, AtomicInteger::get).tag("provider", "a").register(this.registry);
		Gauge.builder("calls", () -> 5).tag("provider", "b").register(this.registry);
		assertThat(signal(Statistic.VALUE, Comparison.BELOW, Map.of()).read(this.now)).isEqualTo(1);
		assertThat(signal(Statistic.VALUE, Comparison.ABOVE, Map.of()).read(this.now)).isEqualTo(5);
		assertThat(signal(Statistic.VALUE, Comparison.ABOVE, Map.of("provider", "a")).read(this.now)).isEqualTo(1);
		assertThat(signal(Statistic.VALUE, Comparison.ABOVE, Map.of("provider", "c")).read(this.now)).isNull();
	}

	@Test
	void percentilesAreThoseOfTheWindow() {
		Timer timer = Timer.builder("calls")
			.serviceLevelObjectives(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10))
			.register(this.registry);
		MeterSignal p95 = signal(Statistic.P95, Comparison.ABOVE, Map.of());
		MeterSignal p50 = signal(Statistic.P50, Comparison.ABOVE, Map.of());
		MeterSignal mean = signal(Statistic.MEAN, Comparison.ABOVE, Map.of());
		for (int i = 0; i < 1000; i++) {
			timer.record(Duration.ofSeconds(9));
		}
		p95.read(this.now);
		p50.read(this.now);
		mean.read(this.now);
		this.now = this.now.plusSeconds(60);
		for (int i = 0; i < 90; i++) {
			timer.record(Duration.ofMillis(50));
		}
		for (int i = 0; i < 10; i++) {
			timer.record(Duration.ofMillis(500));
		}
		assertThat(p50.read(this.now)).isCloseTo(0.1 * 50 / 90, Offset.offset(1e-9));
		assertThat(p95.read(this.now)).isCloseTo(0.1 + 0.9 * 5 / 10, Offset.offset(1e-9));
		assertThat(mean.read(this.now)).isCloseTo(0.095, Offset.offset(1e-9));
		this.now = this.now.plusSeconds(60);
		assertThat(p95.read(this.now)).isNull();
		assertThat(mean.read(this.now)).isNull();
	}

	@Test
	void percentilesThatAMeterTellsItselfAreTakenAsTheyAre() {
		DistributionSummary summary = DistributionSummary.builder("calls")
			.publishPercentiles(0.5, 0.95)
			.register(this.registry);
		MeterSignal p95 = signal(Statistic.P95, Comparison.ABOVE, Map.of());
		p95.read(this.now);
		summary.record(100);
		this.now = this.now.plusSeconds(10);
		assertThat(p95.read(this.now)).isCloseTo(100, Offset.offset(5.0));
		assertThat(signal(Statistic.MAX, Comparison.ABOVE, Map.of()).read(this.now)).isEqualTo(100);
	}

	private MeterSignal signal(Statistic statistic, Comparison comparison, Map<String, String> tags) {
		MeterReader reader = new MeterReader(this.registry);
		return new MeterSignal(() -> reader.read("calls", tags), statistic, comparison, Duration.ofSeconds(60));
	}

}
