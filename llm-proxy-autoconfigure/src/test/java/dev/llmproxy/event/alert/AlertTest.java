package dev.llmproxy.event.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.EventType;
import dev.llmproxy.event.GatewayEvent.AlertChanged;
import dev.llmproxy.event.GatewayEvent.LimitHit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules, on a clock that a test winds. */
class AlertTest {

	private Instant now = Instant.parse("2026-01-01T00:00:00Z");

	private @Nullable Double value = 0.0;

	private final List<String> told = new ArrayList<>();

	@Test
	void beginsAndEndsAndTellsEachOnce() {
		AlertWatch watch = watch(rule(Duration.ZERO, Duration.ZERO));
		look(watch, 5, 6, 7, 8, 5, 4);
		assertThat(this.told).containsExactly("[critical] r firing: the thing is 6, above 5",
				"[critical] r resolved: the thing is 5, not above 5");
	}

	@Test
	void hasToBeAlarmingForLongEnough() {
		AlertWatch watch = watch(rule(Duration.ofSeconds(30), Duration.ZERO));
		look(watch, 6, 6);
		assertThat(watch.states().get(0).state()).isEqualTo("pending");
		look(watch, 4);
		assertThat(watch.states().get(0).state()).isEqualTo("inactive");
		look(watch, 6, 6, 6);
		assertThat(this.told).isEmpty();
		look(watch, 6);
		assertThat(this.told).hasSize(1);
		assertThat(watch.states().get(0).state()).isEqualTo("firing");
		assertThat(watch.states().get(0).since()).isEqualTo(this.now);
	}

	@Test
	void whatBeginsAgainSoonIsNotToldBeforeTheCooldownIsOver() {
		AlertWatch watch = watch(rule(Duration.ZERO, Duration.ofSeconds(60)));
		look(watch, 6, 4, 6, 4, 6);
		assertThat(this.told).hasSize(2);
		look(watch, 6);
		assertThat(this.told).hasSize(2);
		look(watch, 6);
		assertThat(this.told).hasSize(3).last().asString().contains("firing");
		look(watch, 4);
		assertThat(this.told).hasSize(4).last().asString().contains("resolved");
	}

	@Test
	void noValueIsNotAlarming() {
		AlertWatch watch = watch(new AlertRule("r", "the thing", (now) -> this.value, Comparison.BELOW, 1,
				Duration.ZERO, Duration.ZERO, "critical", List.of((alert) -> this.told.add(alert.summary()))));
		this.value = null;
		watch.look();
		assertThat(this.told).isEmpty();
		look(watch, 0.5);
		this.value = null;
		watch.look();
		assertThat(this.told).containsExactly("[critical] r firing: the thing is 0.5000, below 1",
				"[critical] r resolved: the thing is unknown, not below 1");
	}

	@Test
	void comparisonsAreWhatTheySay() {
		assertThat(Comparison.ABOVE.holds(5, 5)).isFalse();
		assertThat(Comparison.AT_LEAST.holds(5, 5)).isTrue();
		assertThat(Comparison.BELOW.holds(5, 5)).isFalse();
		assertThat(Comparison.AT_MOST.holds(5, 5)).isTrue();
	}

	@Test
	void oneChannelThatFailsKeepsNothingFromOthersAndTheBusIsToldToo() {
		EventBus bus = new EventBus(10);
		List<AlertChanged> heard = new ArrayList<>();
		bus.listen(EnumSet.of(EventType.ALERT_CHANGED), (event) -> heard.add((AlertChanged) event));
		AlertChannel broken = (alert) -> {
			throw new IllegalStateException("on purpose");
		};
		AlertWatch watch = new AlertWatch(
				List.of(new AlertRule("r", "the thing", (now) -> this.value, Comparison.ABOVE, 5, Duration.ZERO,
						Duration.ZERO, "critical", List.of(broken, (alert) -> this.told.add(alert.state())))),
				bus, () -> this.now);
		look(watch, 6);
		bus.close(Duration.ofSeconds(5));
		assertThat(this.told).containsExactly("firing");
		assertThat(heard).singleElement().extracting(AlertChanged::rule).isEqualTo("r");
	}

	@Test
	void eventsAreCountedWithinTheWindow() {
		EventSignal signal = new EventSignal(EventType.LIMIT_HIT, Map.of("limit", "per-*", "limited", "tokens"),
				Duration.ofSeconds(60), false);
		hit(signal, "per-key", "tokens");
		hit(signal, "per-key", "requests");
		hit(signal, "other", "tokens");
		this.now = this.now.plusSeconds(30);
		hit(signal, "per-user", "tokens");
		assertThat(signal.read(this.now)).isEqualTo(2);
		this.now = this.now.plusSeconds(29);
		assertThat(signal.read(this.now)).isEqualTo(2);
		this.now = this.now.plusSeconds(1);
		assertThat(signal.read(this.now)).isEqualTo(1);
		this.now = this.now.plusSeconds(3600);
		assertThat(signal.read(this.now)).isZero();
		hit(signal, "per-key", "tokens");
		assertThat(signal.read(this.now)).isEqualTo(1);
	}

	@Test
	void aRateIsForEachSecond() {
		EventSignal signal = new EventSignal(EventType.LIMIT_HIT, Map.of(), Duration.ofSeconds(60), true);
		for (int i = 0; i < 30; i++) {
			hit(signal, "any", "tokens");
		}
		assertThat(signal.read(this.now)).isEqualTo(0.5);
	}

	private void hit(EventSignal signal, String limit, String limited) {
		signal.accept(new LimitHit(this.now, limit, limited));
	}

	private AlertRule rule(Duration holding, Duration cooldown) {
		return new AlertRule("r", "the thing", (now) -> this.value, Comparison.ABOVE, 5, holding, cooldown, "critical",
				List.of((alert) -> this.told.add(alert.summary())));
	}

	private AlertWatch watch(AlertRule rule) {
		return new AlertWatch(List.of(rule), new EventBus(10), () -> this.now);
	}

	/** Ten seconds apart; the clock stands at the last look. */
	private void look(AlertWatch watch, double... values) {
		for (double value : values) {
			this.now = this.now.plusSeconds(10);
			this.value = value;
			watch.look();
		}
	}

}
