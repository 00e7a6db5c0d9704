package dev.llmproxy.observability;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Connections;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.BreakerSettings;
import dev.llmproxy.resilience.BulkheadFilter;
import dev.llmproxy.resilience.BulkheadSettings;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** What is shown of targets and providers, whoever calls them. */
class TargetMetersTest {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final Set<String> targets = new HashSet<>(Set.of("up/m"));

	@Test
	void showsTheStateOfABreakerAndCountsItsTurns() {
		BreakerGate gate = new BreakerGate(CircuitBreakerConfig.ofDefaults(), BreakerSettings.DEFAULT);
		BreakerMeters meters = new BreakerMeters(this.registry, new SeriesCap(1, Set::of), gate, () -> this.targets);
		gate.listen(meters);
		meters.refresh();
		assertThat(states("up/m")).isEqualTo("1000");
		gate.enter(Calls.attempt("up", "m", Attempt.Kind.FIRST, false));
		gate.all().get("up/m").breaker().transitionToOpenState();
		assertThat(states("up/m")).isEqualTo("0100");
		gate.all().get("up/m").breaker().transitionToHalfOpenState();
		assertThat(states("up/m")).isEqualTo("0010");
		gate.all().get("up/m").breaker().transitionToForcedOpenState();
		assertThat(states("up/m")).isEqualTo("0001");
		gate.all().get("up/m").breaker().transitionToClosedState();
		assertThat(states("up/m")).isEqualTo("1000");
		for (String to : List.of("open", "half_open", "forced_open", "closed")) {
			assertThat(turns("up/m", to)).as(to).isEqualTo(1);
		}
		gate.enter(Calls.attempt("up", "guess", Attempt.Kind.FIRST, false));
		assertThat(this.registry.find("llm.proxy.breaker.state").tag("target", "up/guess").gauges()).isEmpty();
		gate.all().get("up/guess").breaker().transitionToOpenState();
		assertThat(turns("other", "open")).isEqualTo(1);
		assertThat(this.registry.find("llm.proxy.breaker.state").tag("target", "other").gauges()).isEmpty();
	}

	private String states(String target) {
		StringBuilder states = new StringBuilder();
		for (String state : List.of("closed", "open", "half_open", "forced_open")) {
			states.append((int) this.registry.get("llm.proxy.breaker.state")
				.tags("target", target, "state", state)
				.gauge()
				.value());
		}
		return states.toString();
	}

	private double turns(String target, String to) {
		return this.registry.get("llm.proxy.breaker.transitions").tags("target", target, "to", to).counter().count();
	}

	@Test
	void showsBulkheadsOfTargetsThatComeLater() {
		BulkheadFilter bulkheads = new BulkheadFilter(BulkheadSettings.DEFAULT);
		BulkheadMeters meters = new BulkheadMeters(this.registry, bulkheads, () -> this.targets);
		meters.refresh();
		this.targets.add("up/later");
		meters.refresh();
		assertThat(bulkhead("limit", "up/later")).isZero();
		bulkheads.filter(Calls.attempt("up", "m", Attempt.Kind.FIRST, false), (attempt) -> Mono.never()).subscribe();
		assertThat(bulkhead("limit", "up/m")).isEqualTo(BulkheadSettings.DEFAULT.initial());
		assertThat(bulkhead("calls", "up/m")).isEqualTo(1);
		assertThat(bulkhead("waiting", "up/m")).isZero();
	}

	private double bulkhead(String name, String target) {
		return this.registry.get("llm.proxy.bulkhead." + name).tag("target", target).gauge().value();
	}

	@Test
	void showsConnectionsOfProvidersThatHaveSome() {
		ConnectionMeters meters = new ConnectionMeters(this.registry,
				new Providers(List.of(new Connected("up", new Connections(3, 2, 1)), new Connected("bean", null))));
		meters.refresh();
		assertThat(connections("active")).isEqualTo(3);
		assertThat(connections("idle")).isEqualTo(2);
		assertThat(connections("pending")).isEqualTo(1);
		assertThat(this.registry.find("llm.proxy.upstream.connections").tag("provider", "bean").gauges()).isEmpty();
	}

	private double connections(String state) {
		return this.registry.get("llm.proxy.upstream.connections")
			.tags("provider", "up", "state", state)
			.gauge()
			.value();
	}

	private record Connected(String name, Connections connections) implements Provider {

		@Override
		public boolean supports(Operation operation, Dialect dialect) {
			return true;
		}

		@Override
		public Mono<LlmResponse> execute(Attempt attempt) {
			return Mono.empty();
		}

	}

}
