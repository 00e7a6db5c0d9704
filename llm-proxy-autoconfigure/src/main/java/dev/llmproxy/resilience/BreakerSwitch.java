package dev.llmproxy.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import org.jspecify.annotations.Nullable;

/** An operator's word on breakers. Thread-safe. */
public final class BreakerSwitch {

	private final BreakerGate breakers;

	private final @Nullable CooldownGate cooldowns;

	public BreakerSwitch(BreakerGate breakers, @Nullable CooldownGate cooldowns) {
		this.breakers = breakers;
		this.cooldowns = cooldowns;
	}

	/** Closes a breaker, forgets what it has counted, and ends the target's rest. */
	public void reset(String target) {
		this.breakers.of(target).breaker().reset();
		if (this.cooldowns != null) {
			this.cooldowns.end(target);
		}
	}

	/** Opens a breaker until it is closed or reset. */
	public void forceOpen(String target) {
		CircuitBreaker breaker = this.breakers.of(target).breaker();
		if (breaker.getState() != State.FORCED_OPEN) {
			breaker.transitionToForcedOpenState();
		}
	}

	public void close(String target) {
		CircuitBreaker breaker = this.breakers.of(target).breaker();
		if (breaker.getState() != State.CLOSED) {
			breaker.transitionToClosedState();
		}
	}

}
