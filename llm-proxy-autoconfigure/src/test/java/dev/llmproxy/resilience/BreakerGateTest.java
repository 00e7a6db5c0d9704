package dev.llmproxy.resilience;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Unavailability;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BreakerGateTest {

	private final AtomicLong millis = new AtomicLong(1_000_000);

	private final Target target = Targets.target("a");

	private final BreakerGate gate = new BreakerGate(config(), BreakerSettings.DEFAULT,
			() -> this.millis.get() * 1_000_000);

	private CircuitBreakerConfig config() {
		CircuitBreakerConfig.Builder config = CircuitBreakerConfig.custom().clock(new MovingClock());
		BreakerSettings.DEFAULT.applyTo(config);
		return config.build();
	}

	@Test
	void opensAfterFiveFailuresAndSaysForHowLong() {
		failTimes(4);
		assertThat(this.gate.unavailability(this.target)).isNull();
		failTimes(1);
		Unavailability open = this.gate.unavailability(this.target);
		assertThat(open).isNotNull();
		assertThat(open.reason()).isEqualTo("breaker_open");
		assertThat(open.retryAfter()).isEqualTo(Duration.ofSeconds(5));
		assertThatThrownBy(this::enter).isInstanceOfSatisfying(LlmException.class, (refusal) -> {
			assertThat(refusal.ownRefusal()).isTrue();
			assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(5));
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 404, 409, 413, 415, 422, 429, 401, 403 })
	void whatIsNotTheTargetsFaultIsNotCounted(int status) {
		for (int i = 0; i < 50; i++) {
			enter().ended(AttemptEnd.failed(attempt(), Targets.answered(status)));
		}
		assertThat(state()).isEqualTo(State.CLOSED);
	}

	@Test
	void callersWhoLeaveAndRefusalsOfOtherGatesAreNotCounted() {
		for (int i = 0; i < 50; i++) {
			enter().ended(AttemptEnd.cancelled(attempt(), null));
			enter().ended(AttemptEnd.refused(attempt(), Targets.answered(503)));
		}
		assertThat(state()).isEqualTo(State.CLOSED);
	}

	@Test
	void anAnswerThatBreaksOffIsAFailure() {
		for (int i = 0; i < 3; i++) {
			AttemptListener permission = enter();
			permission.head(Targets.answer());
			permission.ended(Targets.brokenOff(attempt()));
		}
		assertThat(state()).isEqualTo(State.OPEN);
	}

	@Test
	void aBusyTargetThatDiesIsNotCalledAfterTenFailuresInARow() {
		for (int i = 0; i < 1_000; i++) {
			succeed();
		}
		failTimes(9);
		succeed();
		failTimes(9);
		assertThat(state()).isEqualTo(State.CLOSED);
		failTimes(1);
		assertThat(state()).isEqualTo(State.OPEN);
		assertThat(this.gate.unavailability(this.target)).isNotNull();
	}

	@Test
	void afterAWarningTheNextFailureOpensItAndThatIsNotSaidToBeItsOwn() {
		this.gate.warn("a/m", Duration.ofSeconds(5));
		assertThat(this.gate.unavailability(this.target)).isNull();
		failTimes(1);
		assertThat(state()).isEqualTo(State.OPEN);
		assertThat(this.gate.of("a/m").openedAsWarned()).isTrue();
		this.millis.addAndGet(5_001);
		failTimes(3);
		assertThat(state()).isEqualTo(State.OPEN);
		assertThat(this.gate.of("a/m").openedAsWarned()).isFalse();
	}

	@Test
	void aWarningIsNothingToWhoKnowsBetterAndIsOverInTime() {
		this.gate.warn("a/m", Duration.ofHours(5));
		succeed();
		failTimes(1);
		assertThat(state()).isEqualTo(State.CLOSED);
		this.gate.warn("a/m", Duration.ofHours(5));
		this.millis.addAndGet(60_001);
		failTimes(1);
		assertThat(state()).isEqualTo(State.CLOSED);
	}

	@Test
	void exactlyThreeProbesAreLetThroughAtOnce() throws Exception {
		failTimes(5);
		this.millis.addAndGet(5_001);
		assertThat(this.gate.unavailability(this.target)).isNull();
		int callers = 32;
		CountDownLatch start = new CountDownLatch(1);
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		try {
			List<Future<Boolean>> tries = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				tries.add(threads.submit(() -> {
					start.await();
					for (int t = 0; t < 1_000; t++) {
						try {
							enter();
							return true;
						}
						catch (LlmException refusal) {
							Thread.onSpinWait();
						}
					}
					return false;
				}));
			}
			start.countDown();
			int admitted = 0;
			for (Future<Boolean> one : tries) {
				admitted += one.get() ? 1 : 0;
			}
			assertThat(admitted).isEqualTo(3);
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void probesGiveTheirPermissionBackWhenTheirCallersLeave() {
		failTimes(5);
		this.millis.addAndGet(5_001);
		for (int i = 0; i < 100; i++) {
			AttemptListener permission = enter();
			permission.ended(AttemptEnd.cancelled(attempt(), null));
		}
		for (int i = 0; i < 3; i++) {
			succeed();
		}
		assertThat(state()).isEqualTo(State.CLOSED);
	}

	@Test
	void staysOpenTwiceAsLongEachTimeTheProbesFail() {
		failTimes(5);
		for (long seconds : new long[] { 10, 20, 40, 60, 60 }) {
			this.millis.addAndGet(60_001);
			failTimes(3);
			Unavailability open = this.gate.unavailability(this.target);
			assertThat(open).isNotNull();
			assertThat(open.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
		}
	}

	@Test
	void anOperatorsWordIsTold() {
		succeed();
		this.gate.all().get(this.target.id()).breaker().transitionToForcedOpenState();
		Unavailability open = this.gate.unavailability(this.target);
		assertThat(open).isNotNull();
		assertThat(open.reason()).isEqualTo("breaker_forced_open");
	}

	private Attempt attempt() {
		return Targets.attempt(this.target);
	}

	private AttemptListener enter() {
		return this.gate.enter(attempt());
	}

	private void succeed() {
		AttemptListener permission = enter();
		permission.head(Targets.answer());
		permission.ended(AttemptEnd.of(attempt(), new Outcome()));
	}

	private void failTimes(int times) {
		for (int i = 0; i < times; i++) {
			enter().ended(AttemptEnd.failed(attempt(), Targets.refused()));
		}
	}

	private State state() {
		return this.gate.all().get(this.target.id()).breaker().getState();
	}

	/** Resilience4j's own clock, moved by the test. */
	private final class MovingClock extends Clock {

		@Override
		public ZoneId getZone() {
			return ZoneId.of("UTC");
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return Instant.ofEpochMilli(BreakerGateTest.this.millis.get());
		}

	}

}
