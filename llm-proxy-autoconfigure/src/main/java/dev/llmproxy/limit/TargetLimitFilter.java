package dev.llmproxy.limit;

import java.util.List;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptHandler;
import dev.llmproxy.provider.AttemptOrder;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.TokenEstimate;
import dev.llmproxy.provider.UsageSettlement;
import reactor.core.publisher.Mono;

/**
 * Holds us to what providers grant, so that another target is asked before one has to
 * refuse. Costs nothing where nothing is said of a target. Thread-safe.
 */
public final class TargetLimitFilter implements AttemptFilter {

	private final LimitStore store;

	private final long expectedOutput;

	private final LimitListener listener;

	private final TokenCounters counters;

	/**
	 * Creates one.
	 * @param expectedOutput tokens set aside for an answer whose length the request does
	 * not limit
	 */
	public TargetLimitFilter(LimitStore store, long expectedOutput, LimitListener listener) {
		this(store, expectedOutput, listener, TokenEstimate.COUNTERS);
	}

	/**
	 * Creates one.
	 * @param counters know the tokens of prompts
	 */
	public TargetLimitFilter(LimitStore store, long expectedOutput, LimitListener listener, TokenCounters counters) {
		this.store = store;
		this.expectedOutput = expectedOutput;
		this.listener = listener;
		this.counters = counters;
	}

	@Override
	public Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next) {
		Demand demand = TargetLimits.demand(attempt.target());
		return (demand != null) ? Mono.defer(() -> limited(demand, attempt, next)) : next.execute(attempt);
	}

	private Mono<LlmResponse> limited(Demand demand, Attempt attempt, AttemptHandler next) {
		LlmRequest request = attempt.request();
		long tokens = (demand.quota().tokens() > 0)
				? UsageSettlement.expected(request, this.expectedOutput, this.counters.of(attempt.target().model()))
				: 0;
		return this.store.acquire(List.of(demand), tokens).flatMap((decision) -> {
			Refusal refusal = decision.refusal();
			if (refusal != null) {
				this.listener.refused(demand.quota().name(), refusal.limited());
				return Mono.error(LimitRefusals.of(refusal));
			}
			this.listener.admitted(demand.quota().name());
			return new Trying(request, decision.lease()).over(next.execute(attempt));
		});
	}

	@Override
	public int getOrder() {
		return AttemptOrder.LIMIT.order();
	}

	private static final class Trying extends LeaseWatch {

		private final Lease lease;

		Trying(LlmRequest request, Lease lease) {
			super(request, lease);
			this.lease = lease;
		}

		@Override
		protected void failed(Throwable failure) {
			if (failure instanceof LlmException known && known.ownRefusal()) {
				// The target was not called.
				this.lease.cancel();
			}
			else {
				super.failed(failure);
			}
		}

	}

}
