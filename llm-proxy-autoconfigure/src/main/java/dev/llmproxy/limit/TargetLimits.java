package dev.llmproxy.limit;

import java.time.Duration;

import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.GateOrder;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TargetHeadroom;
import dev.llmproxy.provider.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * What providers grant targets, and what is left of it. As a gate it tells planners which
 * targets to leave out; {@link TargetLimitFilter} is who takes. Thread-safe.
 */
public final class TargetLimits implements AttemptGate, TargetHeadroom {

	/** The name of these quotas; rules have others. */
	public static final String QUOTA = "target";

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final LimitStore store;

	public TargetLimits(LimitStore store) {
		this.store = store;
	}

	/** What an attempt at a target takes something of; {@code null} if of nothing. */
	static @Nullable Demand demand(Target target) {
		Deployment.Limits limits = target.deployment().limits();
		return limits.equals(Deployment.Limits.NONE) ? null : new Demand(
				new Quota(QUOTA, limits.requestsPerMinute(), limits.tokensPerMinute(), limits.concurrency(), MINUTE),
				target.id());
	}

	@Override
	public double of(Target target) {
		Demand demand = demand(target);
		Standing standing = (demand != null) ? this.store.known(demand) : null;
		return (standing != null) ? standing.headroom() : 1;
	}

	@Override
	public @Nullable Unavailability unavailability(Target target) {
		Demand demand = demand(target);
		Refusal refusal = (demand != null) ? this.store.refusal(demand) : null;
		return (refusal != null)
				? new Unavailability(Unavailability.LIMIT,
						target.id() + " has used its limit of " + refusal.limited().label(), refusal.retryAfter())
				: null;
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		return AttemptListener.NONE;
	}

	@Override
	public int getOrder() {
		return GateOrder.LIMIT.order();
	}

}
