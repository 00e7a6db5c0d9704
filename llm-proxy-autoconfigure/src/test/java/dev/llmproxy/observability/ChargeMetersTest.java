package dev.llmproxy.observability;

import java.util.Random;
import java.util.Set;

import dev.llmproxy.chat.Usage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChargeMetersTest {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final ChargeMeters meters = new ChargeMeters(this.registry, new SeriesCap(100, Set::of));

	@Test
	void countsEachKindOfTokens() {
		this.meters.charged(Calls.charge("fast", "m", new Usage(100, 50, 40, 30, 20, 10, 5, false), 1L));
		this.meters.charged(Calls.charge("fast", "m", Usage.of(1, 2), 1L));
		assertThat(tokens("input")).isEqualTo(101);
		assertThat(tokens("output")).isEqualTo(52);
		assertThat(tokens("cache_read")).isEqualTo(40);
		assertThat(tokens("cache_write")).isEqualTo(30);
		assertThat(tokens("reasoning")).isEqualTo(20);
		assertThat(tokens("audio_input")).isEqualTo(10);
		assertThat(tokens("audio_output")).isEqualTo(5);
	}

	private double tokens(String type) {
		return this.registry.get("llm.proxy.tokens")
			.tags("provider", "up", "model", "m", "llm.route", "fast", "type", type)
			.counter()
			.count();
	}

	@Test
	void agreesWithTheBillToTheLastNanoDollar() {
		Random random = new Random(1);
		long told = 0;
		long estimated = 0;
		for (int i = 0; i < 10_000; i++) {
			long cost = random.nextLong(3_000_000_000L);
			boolean estimate = random.nextInt(10) == 0;
			this.meters.charged(Calls.charge("fast", "m", estimate ? Usage.estimate(1, 1) : Usage.of(1, 1), cost));
			told += estimate ? 0 : cost;
			estimated += estimate ? cost : 0;
		}
		assertThat(Math.round(cost("false") * 1e9)).isEqualTo(told);
		assertThat(Math.round(cost("true") * 1e9)).isEqualTo(estimated);
	}

	private double cost(String estimated) {
		FunctionCounter counter = this.registry.get("llm.proxy.cost")
			.tags("provider", "up", "model", "m", "llm.route", "fast", "estimated", estimated)
			.functionCounter();
		assertThat(counter.getId().getBaseUnit()).isEqualTo("usd");
		return counter.count();
	}

	@Test
	void countsWhatHasNoPrice() {
		this.meters.charged(Calls.charge("fast", "m", Usage.of(1, 1), 5L));
		assertThat(this.registry.find("llm.proxy.cost.unknown").counters()).isEmpty();
		this.meters.charged(Calls.charge("fast", "m", Usage.of(1, 1), null));
		assertThat(this.registry.get("llm.proxy.cost.unknown")
			.tags("provider", "up", "model", "m", "llm.route", "fast")
			.counter()
			.count()).isEqualTo(1);
		assertThat(Math.round(cost("false") * 1e9)).isEqualTo(5);
	}

}
