package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.interleaving.Interleavings;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptListener;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** However threads interleave, no more probes are under way than are allowed. */
@Tag("interleaving")
class BreakerInterleavingsTest {

	private static final int PROBES = 2;

	private final Logger logger = (Logger) LoggerFactory.getLogger(BreakerGate.class);

	private final Level level = this.logger.getLevel();

	@BeforeEach
	void keepQuiet() {
		this.logger.setLevel(Level.OFF);
	}

	@AfterEach
	void speakAgain() {
		this.logger.setLevel(this.level);
	}

	@Test
	void neverMoreProbesThanAllowedAndNoPermissionIsLost() {
		Interleavings.stress(Probes.class);
	}

	/** Probes whose callers leave, or that are refused by somebody else. */
	public static class Probes {

		private final Attempt attempt = Targets.attempt(Targets.target("a"));

		private final BreakerGate gate;

		private final AtomicInteger inside = new AtomicInteger();

		public Probes() {
			BreakerSettings settings = new BreakerSettings(BreakerSettings.Window.COUNT_BASED, 10, 1, 50, 0,
					Duration.ofMillis(1), Duration.ofMillis(1), PROBES);
			CircuitBreakerConfig.Builder config = CircuitBreakerConfig.custom();
			settings.applyTo(config);
			this.gate = new BreakerGate(config.build(), settings);
			this.gate.enter(this.attempt).ended(AttemptEnd.cancelled(this.attempt, null));
			this.gate.all().get("a/m").breaker().transitionToOpenState();
			this.gate.all().get("a/m").breaker().transitionToHalfOpenState();
		}

		@Operation
		public boolean exceedsAndLeaves() {
			return probe(AttemptEnd.cancelled(this.attempt, null));
		}

		@Operation
		public boolean exceedsAndIsRefused() {
			return probe(AttemptEnd.refused(this.attempt, Targets.answered(503)));
		}

		private boolean probe(AttemptEnd end) {
			AttemptListener permission;
			try {
				permission = this.gate.enter(this.attempt);
			}
			catch (LlmException refusal) {
				return false;
			}
			boolean exceeds = this.inside.incrementAndGet() > PROBES;
			Thread.onSpinWait();
			this.inside.decrementAndGet();
			permission.ended(end);
			return exceeds;
		}

		@Validate
		public void allPermissionsAreThereAgain() {
			assertThat(this.gate.all().get("a/m").breaker().getState()).isEqualTo(State.HALF_OPEN);
			AttemptListener[] permissions = new AttemptListener[PROBES];
			for (int i = 0; i < PROBES; i++) {
				permissions[i] = this.gate.enter(this.attempt);
			}
			for (AttemptListener permission : permissions) {
				permission.ended(AttemptEnd.cancelled(this.attempt, null));
			}
		}

	}

}
