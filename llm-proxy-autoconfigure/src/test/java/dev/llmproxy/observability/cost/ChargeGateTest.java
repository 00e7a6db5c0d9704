package dev.llmproxy.observability.cost;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Attempt.Kind;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Provider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class ChargeGateTest {

	private final List<Charge> charges = new ArrayList<>();

	@Test
	void countsCallsAndNotAttempts() {
		ChargeGate gate = gate(1L);
		// A race that the first one wins, and one that it loses.
		LlmRequest a = request("a");
		charge(gate, a, 2, Kind.HEDGE);
		charge(gate, a, 1, Kind.FIRST);
		LlmRequest b = request("b");
		charge(gate, b, 1, Kind.FIRST);
		charge(gate, b, 2, Kind.HEDGE);
		// One whose first attempt failed, which costs nothing.
		LlmRequest c = request("c");
		charge(gate, c, 1, Kind.MIRROR);
		charge(gate, c, 2, Kind.FALLBACK);
		// A caller that uses an id twice.
		charge(gate, request("d"), 1, Kind.FIRST);
		charge(gate, request("d"), 1, Kind.FIRST);
		assertThat(firsts()).containsExactly("a HEDGE", "b FIRST", "c FALLBACK", "d FIRST", "d FIRST");
		assertThat(this.charges).hasSize(8);
	}

	@Test
	void whatHasNoPriceIsAChargeAsWell() {
		ChargeGate gate = gate(null);
		LlmRequest request = request("a");
		charge(gate, request, 1, Kind.FIRST);
		charge(gate, request, 2, Kind.HEDGE);
		assertThat(firsts()).containsExactly("a FIRST");
		assertThat(request.trail().cost()).isNull();
	}

	private List<String> firsts() {
		return this.charges.stream()
			.filter(Charge::first)
			.map((charge) -> charge.request() + " " + charge.kind())
			.toList();
	}

	private ChargeGate gate(@Nullable Long cost) {
		return new ChargeGate((target, usage) -> cost, List.<ChargeListener>of(this.charges::add), Clock.systemUTC());
	}

	private static LlmRequest request(String id) {
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI).id(id).body(new byte[0], Envelope.none()).build();
	}

	private static void charge(ChargeGate gate, LlmRequest request, int number, Kind kind) {
		Attempt attempt = new Attempt(request, Target.of(new Silent(), "m"), number, kind, null, "route");
		Outcome outcome = new Outcome();
		outcome.usage(Usage.of(1, 2));
		gate.enter(attempt).ended(AttemptEnd.of(attempt, outcome));
	}

	private record Silent() implements Provider {

		@Override
		public String name() {
			return "p";
		}

		@Override
		public boolean supports(Operation operation, Dialect dialect) {
			return true;
		}

		@Override
		public Mono<LlmResponse> execute(Attempt attempt) {
			return Mono.never();
		}

	}

}
