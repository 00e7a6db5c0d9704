package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.cluster.Told;
import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.resilience.BreakerSwitch;
import dev.llmproxy.resilience.Bulkhead;
import dev.llmproxy.resilience.BulkheadFilter;
import dev.llmproxy.resilience.CooldownGate;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
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

	private final BreakerGate breakers;

	private final @Nullable CooldownGate cooldowns;

	private final @Nullable BulkheadFilter bulkheads;

	private final BreakerSwitch operator;

	private final OperatorDesk desk;

	BreakersEndpoint(BreakerGate breakers, @Nullable CooldownGate cooldowns, @Nullable BulkheadFilter bulkheads,
			OperatorDesk desk) {
		this.breakers = breakers;
		this.cooldowns = cooldowns;
		this.bulkheads = bulkheads;
		this.operator = new BreakerSwitch(breakers, cooldowns);
		this.desk = desk;
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
		if (!this.breakers.all().containsKey(id)) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		HeardBreakerChanges.act(this.operator, action.said, id);
		return new WebEndpointResponse<>(state(id, this.desk.done(context.getPrincipal(), action.said, id)));
	}

	private TargetState state(String id) {
		return state(id, null);
	}

	private TargetState state(String id, @Nullable Told told) {
		BreakerGate.TargetBreaker breaker = this.breakers.all().get(id);
		Duration rest = (this.cooldowns != null) ? this.cooldowns.remaining(id) : Duration.ZERO;
		Bulkhead bulkhead = (this.bulkheads != null) ? this.bulkheads.all().get(id) : null;
		return new TargetState((breaker != null) ? BreakerState.of(breaker) : null, rest.isZero() ? null : rest,
				(bulkhead != null) ? new BulkheadState(bulkhead.inFlight(), bulkhead.limit(), bulkhead.waiting())
						: null,
				told);
	}

	/** What can be done to a breaker. */
	enum Action {

		/** Closes it and forgets what it has counted. */
		RESET(OperatorAction.RESET),

		/** Opens it until it is closed or reset. */
		FORCE_OPEN(OperatorAction.FORCE_OPEN),

		CLOSE(OperatorAction.CLOSE);

		private final OperatorAction said;

		Action(OperatorAction said) {
			this.said = said;
		}

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
	 * @param cluster whether other nodes were told of a change; {@code null} if there was
	 * none, or there are no other nodes
	 */
	record TargetState(@Nullable BreakerState breaker, @Nullable Duration cooldown, @Nullable BulkheadState bulkhead,
			@Nullable Told cluster) {
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
