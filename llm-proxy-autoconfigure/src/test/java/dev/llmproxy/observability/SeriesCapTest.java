package dev.llmproxy.observability;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SeriesCapTest {

	private static final int MOST = 50;

	private static final int MODELS = 10_000;

	private final AtomicReference<Set<String>> configured = new AtomicReference<>(Set.of("fast", "gpt"));

	private final SeriesCap cap = new SeriesCap(MOST, this.configured::get);

	@Test
	void tenThousandModelsThatCallersMakeUpAreFewSeriesAndNoCallIsLost() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		AttemptMeterGate attempts = new AttemptMeterGate(new GenAiMeters(registry, this.cap, GenAiConventions.V1_41),
				Exemplars.NONE);
		RequestMeters requests = new RequestMeters(registry, this.cap, Exemplars.NONE, (name) -> name);
		ChargeMeters charges = new ChargeMeters(registry, this.cap);
		Usage usage = Usage.of(3, 2);
		for (int i = 0; i < MODELS; i++) {
			String model = UUID.randomUUID().toString();
			requests.began(Calls.request(model, false));
			Attempt attempt = named(model);
			AttemptListener listener = attempts.enter(attempt);
			listener.ended(AttemptEnd.of(attempt, Calls.used(usage, 0)));
			charges.charged(Calls.charge("up/" + model, model, usage, 7L));
			requests.ended(Calls.succeeded("up/" + model, "up/" + model, false, usage));
		}
		assertThat(labels(registry, "gen_ai.request.model")).hasSizeLessThanOrEqualTo(MOST + 1).contains("other");
		assertThat(labels(registry, "model")).hasSizeLessThanOrEqualTo(MOST + 1).contains("other");
		assertThat(labels(registry, "llm.route")).hasSizeLessThanOrEqualTo(MOST + 1).contains("other");
		// Buckets are gauges there.
		assertThat(registry.getMeters()).filteredOn((meter) -> meter.getId().getType() != Meter.Type.GAUGE)
			.hasSizeLessThan(8 * MOST);
		assertThat(registry.find("gen_ai.server.request.duration").timers()).extracting(Timer::count)
			.satisfies((counts) -> assertThat(sum(counts)).isEqualTo(MODELS));
		assertThat(registry.find("gen_ai.client.operation.duration").timers()).extracting(Timer::count)
			.satisfies((counts) -> assertThat(sum(counts)).isEqualTo(MODELS));
		assertThat(count(registry, "llm.proxy.requests")).isEqualTo(MODELS);
		assertThat(count(registry, "llm.proxy.attempts")).isEqualTo(MODELS);
		assertThat(count(registry, "llm.proxy.tokens")).isEqualTo(5 * MODELS);
		assertThat(Math
			.round(registry.find("llm.proxy.cost").functionCounters().stream().mapToDouble(FunctionCounter::count).sum()
					* 1e9))
			.isEqualTo(7 * MODELS);
	}

	private static Attempt named(String model) {
		Attempt attempt = Calls.attempt("up", model, Attempt.Kind.FIRST, false);
		return new Attempt(attempt.request(), attempt.target(), 1, Attempt.Kind.FIRST, null, "up/" + model);
	}

	private static long sum(List<? extends Long> counts) {
		return counts.stream().mapToLong(Long::longValue).sum();
	}

	private static double count(SimpleMeterRegistry registry, String name) {
		return registry.find(name).counters().stream().mapToDouble(Counter::count).sum();
	}

	private static Set<String> labels(SimpleMeterRegistry registry, String key) {
		Set<String> values = new HashSet<>();
		for (Meter meter : registry.getMeters()) {
			for (Tag tag : meter.getId().getTags()) {
				if (tag.getKey().equals(key)) {
					values.add(tag.getValue());
				}
			}
		}
		return values;
	}

	@Test
	void whatIsConfiguredIsNamedHoweverFullItIs() {
		IntStream.range(0, MOST)
			.forEach((i) -> assertThat(this.cap.names("r" + i, "m" + i).model()).isEqualTo("m" + i));
		assertThat(this.cap.names("r1", "m1")).isEqualTo(new SeriesCap.Names("r1", "m1"));
		assertThat(this.cap.names("late", "later")).isEqualTo(new SeriesCap.Names("other", "other"));
		assertThat(this.cap.names("fast", "gpt")).isEqualTo(new SeriesCap.Names("fast", "gpt"));
		assertThat(this.cap.names("fast", "later")).isEqualTo(new SeriesCap.Names("fast", "other"));
	}

	@Test
	void pairsOfKnownNamesAreBoundedToo() {
		for (int i = 0; i < 1000; i++) {
			this.cap.names("r" + i % 40, "m" + i % 37);
		}
		Set<SeriesCap.Names> pairs = new HashSet<>();
		for (int i = 0; i < 10_000; i++) {
			pairs.add(this.cap.names("r" + i % 40, "m" + i % 37));
		}
		assertThat(pairs).hasSizeLessThanOrEqualTo(2 * MOST + 1);
	}

	@Test
	void aCallThatGotToNoRouteIsToldOfTheOneItNamedAndTakesNoPlace() {
		for (int i = 0; i < 1000; i++) {
			assertThat(this.cap.names(SeriesCap.NONE, "guess" + i)).isEqualTo(new SeriesCap.Names("none", "other"));
		}
		assertThat(this.cap.names(SeriesCap.NONE, "fast")).isEqualTo(new SeriesCap.Names("fast", "fast"));
		assertThat(this.cap.names(SeriesCap.NONE, SeriesCap.NONE)).isEqualTo(new SeriesCap.Names("none", "none"));
		assertThat(this.cap.names("r", "m")).isEqualTo(new SeriesCap.Names("r", "m"));
		assertThat(this.cap.names(SeriesCap.NONE, "m")).isEqualTo(new SeriesCap.Names("m", "m"));
	}

	@Test
	void takesUpWhatIsConfiguredLater() {
		SeriesCap none = new SeriesCap(0, this.configured::get);
		assertThat(none.name("new")).isEqualTo("other");
		this.configured.set(Set.of("new"));
		assertThat(none.name("new")).isEqualTo("other");
		none.refresh();
		assertThat(none.name("new")).isEqualTo("new");
	}

	@Test
	void refusesToBeNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> new SeriesCap(-1, Set::of));
	}

}
