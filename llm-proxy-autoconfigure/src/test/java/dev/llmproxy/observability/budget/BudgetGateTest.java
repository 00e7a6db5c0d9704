package dev.llmproxy.observability.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Target;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class BudgetGateTest {

	private static final long DOLLAR = 1_000_000_000L;

	private static final Caller ALICE = new Caller("alice", List.of(), "red");

	private static final Caller BOB = new Caller("bob", List.of(), "red");

	private static final Caller CAROL = new Caller("carol", List.of());

	private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-26T12:00:00Z"));

	private final List<String> crossings = new ArrayList<>();

	/**
	 * Each call is expected to cost a dollar, and costs as many as it has output tokens.
	 */
	private BudgetGate gate(Budget... budgets) {
		return new BudgetGate(List.of(budgets),
				(target, usage) -> usage.estimated() ? DOLLAR : usage.outputTokens() * DOLLAR, 100,
				List.of((budget, subject, crossing, spent) -> this.crossings
					.add(budget.name() + "/" + subject + " " + crossing + " " + spent / DOLLAR)),
				this.now::get);
	}

	private static Budget budget(BudgetScope per, long dollars, BudgetPeriod period) {
		return new Budget("b", per, List.of(), List.of(), List.of(), dollars * DOLLAR, period, ZoneOffset.UTC, 0.8,
				true);
	}

	private static Attempt attempt(Caller caller) {
		LlmRequest request = LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.caller(caller)
			.body(new byte[0], Envelope.none())
			.build();
		return new Attempt(request, Target.of(new Silent(), "m"), 1, Attempt.Kind.FIRST, null, "route");
	}

	private static void spend(BudgetGate gate, Caller caller, int dollars) {
		Attempt attempt = attempt(caller);
		gate.enter(attempt).ended(succeeded(attempt, dollars));
	}

	private static AttemptEnd succeeded(Attempt attempt, int dollars) {
		Outcome outcome = new Outcome();
		outcome.usage(Usage.of(1, dollars));
		return AttemptEnd.of(attempt, outcome);
	}

	private static LlmException refusal(BudgetGate gate, Caller caller) {
		return catchThrowableOfType(LlmException.class, () -> gate.enter(attempt(caller)));
	}

	@Test
	void refusesOnceTheAmountIsSpent() {
		BudgetGate gate = gate(budget(BudgetScope.KEY, 10, BudgetPeriod.DAY));
		spend(gate, ALICE, 6);
		spend(gate, ALICE, 6);
		LlmException refusal = refusal(gate, ALICE);
		assertThat(refusal.error().code()).isEqualTo("budget_exceeded");
		assertThat(refusal.status()).isEqualTo(422);
		assertThat(refusal.error().message()).contains("'b'").contains("2026-11-27T00:00:00Z");
		assertThat(refusal.retryAfter()).isEqualTo(Duration.ofHours(12));
	}

	@Test
	void countsSubjectsSeparately() {
		BudgetGate gate = gate(budget(BudgetScope.KEY, 10, BudgetPeriod.DAY));
		spend(gate, ALICE, 10);
		assertThat(refusal(gate, ALICE)).isNotNull();
		spend(gate, BOB, 1);
	}

	@Test
	void teamsShareAndWhoIsInNoneIsFree() {
		BudgetGate gate = gate(budget(BudgetScope.TEAM, 10, BudgetPeriod.MONTH));
		spend(gate, ALICE, 9);
		spend(gate, BOB, 1);
		assertThat(refusal(gate, ALICE)).isNotNull();
		spend(gate, CAROL, 100);
	}

	@Test
	void beginsAnewAtMidnightOfItsZone() {
		Budget budget = new Budget("b", BudgetScope.ALL, List.of(), List.of(), List.of(), DOLLAR, BudgetPeriod.DAY,
				ZoneId.of("Asia/Tokyo"), 1, true);
		BudgetGate gate = gate(budget);
		spend(gate, ALICE, 1);
		this.now.set(Instant.parse("2026-11-26T14:59:59Z"));
		assertThat(refusal(gate, ALICE)).isNotNull();
		this.now.set(Instant.parse("2026-11-26T15:00:00Z"));
		spend(gate, ALICE, 1);
	}

	@Test
	void manyAtOnceOverdrawByOneAtMost() {
		BudgetGate gate = gate(budget(BudgetScope.ALL, 3, BudgetPeriod.TOTAL));
		List<AttemptListener> underWay = new ArrayList<>();
		Attempt attempt = attempt(ALICE);
		for (int i = 0; i < 3; i++) {
			underWay.add(gate.enter(attempt));
		}
		assertThat(refusal(gate, BOB)).isNotNull();
		underWay.get(0).ended(AttemptEnd.failed(attempt, new LlmException(new LlmError(ErrorKind.UPSTREAM, "no"))));
		gate.enter(attempt);
		assertThat(gate.accounts()).singleElement()
			.satisfies((account) -> assertThat(account.standing(this.now.get()).spent()).isZero());
	}

	@Test
	void whatFailsIsGivenBackByAllBudgetsOrNone() {
		Budget open = new Budget("open", BudgetScope.ALL, List.of(), List.of(), List.of(), 100 * DOLLAR,
				BudgetPeriod.DAY, ZoneOffset.UTC, 1, true);
		BudgetGate gate = gate(open, budget(BudgetScope.KEY, 1, BudgetPeriod.DAY));
		spend(gate, ALICE, 1);
		assertThat(refusal(gate, ALICE)).isNotNull();
		assertThat(gate.accounts())
			.allSatisfy((account) -> assertThat(account.standing(this.now.get()).reserved()).isZero());
	}

	@Test
	void tellsOfEachLineOnceInAPeriod() {
		BudgetGate gate = gate(budget(BudgetScope.KEY, 10, BudgetPeriod.DAY));
		spend(gate, ALICE, 7);
		spend(gate, ALICE, 1);
		spend(gate, ALICE, 1);
		spend(gate, ALICE, 1);
		this.now.set(this.now.get().plus(Duration.ofDays(1)));
		spend(gate, ALICE, 10);
		assertThat(this.crossings).containsExactly("b/alice WARNING 8", "b/alice EXHAUSTED 10", "b/alice EXHAUSTED 10");
	}

	@Test
	void onlyWarnsWhereItIsToldTo() {
		BudgetGate gate = gate(new Budget("b", BudgetScope.ALL, List.of(), List.of(), List.of(), DOLLAR,
				BudgetPeriod.DAY, ZoneOffset.UTC, 1, false));
		spend(gate, ALICE, 5);
		assertThatCode(() -> spend(gate, ALICE, 5)).doesNotThrowAnyException();
		assertThat(this.crossings).containsExactly("b/all EXHAUSTED 5");
	}

	@Test
	void isForThoseWhosePatternsMatch() {
		BudgetGate gate = gate(new Budget("b", BudgetScope.ALL, List.of("a*"), List.of("red"), List.of("rou*"), DOLLAR,
				BudgetPeriod.DAY, ZoneOffset.UTC, 1, true));
		spend(gate, BOB, 9);
		spend(gate, ALICE, 1);
		assertThat(refusal(gate, ALICE)).isNotNull();
		spend(gate, BOB, 9);
	}

	@Test
	void isRebuiltFromTheLedgerAndNeverZeroed() {
		BudgetGate gate = gate(budget(BudgetScope.KEY, 10, BudgetPeriod.DAY));
		gate.rebuild((from) -> {
			assertThat(from).isEqualTo("2026-11-26T00:00:00Z");
			return List.of(new SpendHistory.Spent(ALICE, "route", 4 * DOLLAR),
					new SpendHistory.Spent(ALICE, "other", 6 * DOLLAR));
		});
		assertThat(refusal(gate, ALICE)).isNotNull();
		gate.rebuild(SpendHistory.NONE);
		assertThat(refusal(gate, ALICE)).isNotNull();
		spend(gate, BOB, 9);
	}

	@Test
	void periodsBeginWhereTheyDo() {
		Instant thursday = Instant.parse("2026-11-26T12:00:00Z");
		assertThat(BudgetPeriod.DAY.at(thursday, ZoneOffset.UTC).from()).isEqualTo("2026-11-26T00:00:00Z");
		assertThat(BudgetPeriod.WEEK.at(thursday, ZoneOffset.UTC).from()).isEqualTo("2026-11-23T00:00:00Z");
		assertThat(BudgetPeriod.WEEK.at(thursday, ZoneOffset.UTC).until()).isEqualTo("2026-11-30T00:00:00Z");
		assertThat(BudgetPeriod.MONTH.at(thursday, ZoneOffset.UTC).until()).isEqualTo("2026-12-01T00:00:00Z");
		assertThat(BudgetPeriod.TOTAL.at(thursday, ZoneOffset.UTC).until()).isEqualTo(Instant.MAX);
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
