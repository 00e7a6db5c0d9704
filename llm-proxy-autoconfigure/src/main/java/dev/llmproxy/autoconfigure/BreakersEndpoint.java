package dev.llmproxy.autoconfigure;

import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.Bulkhead;
import dev.llmproxy.resilience.BulkheadFilter;
import dev.llmproxy.resilience.CooldownGate;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Shows what keeps calls away from targets, and lets an operator change it. */
@Endpoint(id = "llmbreakers")
final class BreakersEndpoint {

	private static final Log logger = LogFactory.getLog(BreakersEndpoint.class);

	private final BreakerGate breakers;

	private final @Nullable CooldownGate cooldowns;

	private final @Nullable BulkheadFilter bulkheads;

	BreakersEndpoint(BreakerGate breakers, @Nullable CooldownGate cooldowns, @Nullable BulkheadFilter bulkheads) {
		this.breakers = breakers;
		this.cooldowns = cooldowns;
		this.bulkheads = bulkheads;
	}

	/** All targets that were called. */
	@ReadOperation
	Targets targets() {
		Set<String> ids = new TreeSet<>(this.breakers.all().keySet());
		if (this.cooldowns != null) {
			ids.addAll(this.cooldowns.targets());
		}
		if (this.bulkheads != null) {
			ids.addAll(this.bulkheads.all().keySet());
		}
		Map<String, TargetState> targets = new TreeMap<>();
		ids.forEach((id) -> targets.put(id, state(id)));
		return new Targets(targets);
	}

	/** One of them, whose id may have slashes in it. */
	@ReadOperation
	@Nullable TargetState target(@Selector(match = Selector.Match.ALL_REMAINING) String... target) {
		return targets().targets().get(String.join("/", target));
	}

	/**
	 * Changes a target's breaker.
	 * @param action reset, which also ends a rest; force-open or close
	 */
	@WriteOperation
	WebEndpointResponse<TargetState> change(SecurityContext context, Action action,
			@Selector(match = Selector.Match.ALL_REMAINING) String... target) {
		String id = String.join("/", target);
		BreakerGate.TargetBreaker known = this.breakers.all().get(id);
		if (known == null) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		switch (action) {
			case RESET -> {
				known.breaker().reset();
				if (this.cooldowns != null) {
					this.cooldowns.end(id);
				}
			}
			case FORCE_OPEN -> known.breaker().transitionToForcedOpenState();
			case CLOSE -> known.breaker().transitionToClosedState();
		}
		Principal actor = context.getPrincipal();
		logger.warn("Breaker of '" + id + "': " + action + " by "
				+ ((actor != null) ? actor.getName() : "somebody without a name"));
		return new WebEndpointResponse<>(state(id));
	}

	private TargetState state(String id) {
		BreakerGate.TargetBreaker breaker = this.breakers.all().get(id);
		Duration rest = (this.cooldowns != null) ? this.cooldowns.remaining(id) : Duration.ZERO;
		Bulkhead bulkhead = (this.bulkheads != null) ? this.bulkheads.all().get(id) : null;
		return new TargetState((breaker != null) ? BreakerState.of(breaker) : null, rest.isZero() ? null : rest,
				(bulkhead != null) ? new BulkheadState(bulkhead.inFlight(), bulkhead.limit(), bulkhead.waiting())
						: null);
	}

	/** What can be done to a breaker. */
	enum Action {

		/** Closes it and forgets what it has counted. */
		RESET,

		/** Opens it until it is closed or reset. */
		FORCE_OPEN,

		CLOSE

	}

	/**
	 * All targets.
	 *
	 * @param targets by their ids
	 */
	record Targets(Map<String, TargetState> targets) {
	}

	/**
	 * What goes on at one target.
	 *
	 * @param cooldown what is left of its rest; {@code null} if it does not rest
	 */
	record TargetState(@Nullable BreakerState breaker, @Nullable Duration cooldown, @Nullable BulkheadState bulkhead) {
	}

	/**
	 * A breaker.
	 *
	 * @param failureRate percentage in the window; -1 while there are too few calls
	 * @param calls in the window
	 * @param remaining until probes are let through; {@code null} if it is not open
	 */
	record BreakerState(String state, float failureRate, int calls, long notPermitted, @Nullable Duration remaining) {

		static BreakerState of(BreakerGate.TargetBreaker breaker) {
			CircuitBreaker known = breaker.breaker();
			Duration remaining = breaker.remaining();
			return new BreakerState(known.getState().name(), known.getMetrics().getFailureRate(),
					known.getMetrics().getNumberOfBufferedCalls(), known.getMetrics().getNumberOfNotPermittedCalls(),
					remaining.isZero() ? null : remaining);
		}

	}

	/**
	 * A bulkhead.
	 *
	 * @param limit calls at once that the target gets at present
	 */
	record BulkheadState(int inFlight, int limit, int waiting) {
	}

}
