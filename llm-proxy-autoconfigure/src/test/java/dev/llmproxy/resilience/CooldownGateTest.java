package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Unavailability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Faults 26 to 28, as far as a target's rest goes. */
class CooldownGateTest {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

	private final CooldownGate gate = new CooldownGate(CooldownSettings.DEFAULT, this.now::get);

	private final Target target = Targets.target("a");

	@Test
	void restsForAsLongAsTheProviderSays() {
		refuse(this.target, null, Duration.ofSeconds(42));
		Unavailability resting = this.gate.unavailability(this.target);
		assertThat(resting).isNotNull();
		assertThat(resting.reason()).isEqualTo("cooldown");
		assertThat(resting.retryAfter()).isEqualTo(Duration.ofSeconds(42));
		assertThatThrownBy(() -> this.gate.enter(Targets.attempt(this.target))).isInstanceOf(LlmException.class);
		this.now.addAndGet(Duration.ofSeconds(42).toNanos());
		assertThat(this.gate.unavailability(this.target)).isNull();
	}

	@Test
	void restsNoLongerThanTheLongest() {
		refuse(this.target, null, Duration.ofHours(1));
		assertThat(this.gate.remaining(this.target.id())).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void restsLongerEachTimeWhereTheProviderDoesNotSay() {
		refuse(this.target, null, null);
		Duration first = this.gate.remaining(this.target.id());
		assertThat(first).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5));
		for (int i = 0; i < 20; i++) {
			this.now.addAndGet(this.gate.remaining(this.target.id()).toNanos());
			refuse(this.target, null, null);
		}
		assertThat(this.gate.remaining(this.target.id())).isEqualTo(Duration.ofMinutes(5));
		this.now.addAndGet(Duration.ofMinutes(5).toNanos());
		this.gate.enter(Targets.attempt(this.target)).head(Targets.answer());
		refuse(this.target, null, null);
		assertThat(this.gate.remaining(this.target.id())).isLessThanOrEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void restsLongerWhenMoneyIsSpent() {
		refuse(this.target, "insufficient_quota", Duration.ofSeconds(1));
		assertThat(this.gate.remaining(this.target.id())).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void doesNotRestWhileAnotherCredentialIsFresh() {
		Target rich = Targets.withSpareCredential("rich");
		refuse(rich, null, Duration.ofSeconds(42));
		assertThat(this.gate.unavailability(rich)).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 404, 500, 503, 529 })
	void otherFailuresAreNoReasonToRest(int status) {
		AttemptListener listener = this.gate.enter(Targets.attempt(this.target));
		listener.ended(AttemptEnd.failed(Targets.attempt(this.target), Targets.answered(status)));
		assertThat(this.gate.unavailability(this.target)).isNull();
	}

	@Test
	void aShorterRestDoesNotCutALongerOneShort() {
		AttemptListener one = this.gate.enter(Targets.attempt(this.target));
		AttemptListener another = this.gate.enter(Targets.attempt(this.target));
		Attempt attempt = Targets.attempt(this.target);
		one.ended(AttemptEnd.failed(attempt, Targets.answered(429, null, Duration.ofSeconds(60))));
		another.ended(AttemptEnd.failed(attempt, Targets.answered(429, null, Duration.ofSeconds(1))));
		assertThat(this.gate.remaining(this.target.id())).isEqualTo(Duration.ofSeconds(60));
	}

	@Test
	void anOperatorEndsARest() {
		refuse(this.target, null, Duration.ofSeconds(42));
		this.gate.end(this.target.id());
		assertThat(this.gate.unavailability(this.target)).isNull();
	}

	@Test
	void restsAsAnotherNodesProviderSaysButNoLongerThanTheLongest() {
		this.gate.heard("a/m", Duration.ofSeconds(42), true);
		assertThat(this.gate.remaining("a/m")).isEqualTo(Duration.ofSeconds(42));
		this.gate.heard("a/m", Duration.ofSeconds(1), true);
		assertThat(this.gate.remaining("a/m")).isEqualTo(Duration.ofSeconds(42));
		this.gate.heard("a/m", Duration.ofHours(1), true);
		assertThat(this.gate.remaining("a/m")).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void takesAnotherNodesGuessForAFirstGuessOfItsOwn() {
		this.gate.heard("a/m", Duration.ofMinutes(5), false);
		assertThat(this.gate.remaining("a/m")).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5));
	}

	@Test
	void tellsOfRestsThatItWasToldOfAndOfNoOthers() {
		List<String> told = new ArrayList<>();
		this.gate.listen((target, length, known) -> {
			throw new IllegalStateException("of no concern to the call");
		});
		this.gate.listen((target, length, known) -> told.add(target + " " + length + " " + known));
		this.gate.heard(this.target.id(), Duration.ofSeconds(1), true);
		assertThat(told).isEmpty();
		this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		AttemptListener one = this.gate.enter(Targets.attempt(this.target));
		AttemptListener another = this.gate.enter(Targets.attempt(this.target));
		one.ended(AttemptEnd.failed(Targets.attempt(this.target), Targets.answered(429, null, Duration.ofSeconds(42))));
		this.now.addAndGet(Duration.ofMillis(100).toNanos());
		another.ended(
				AttemptEnd.failed(Targets.attempt(this.target), Targets.answered(429, null, Duration.ofSeconds(42))));
		assertThat(told).containsExactly("a/m PT42S true");
		refuse(Targets.target("b"), null, null);
		assertThat(told).hasSize(2);
		assertThat(told.get(1)).startsWith("b/m ").endsWith(" false");
		refuse(Targets.withSpareCredential("rich"), null, Duration.ofSeconds(42));
		assertThat(told).hasSize(2);
	}

	private void refuse(Target target, String code, Duration retryAfter) {
		this.gate.enter(Targets.attempt(target))
			.ended(AttemptEnd.failed(Targets.attempt(target), Targets.answered(429, code, retryAfter)));
	}

}
