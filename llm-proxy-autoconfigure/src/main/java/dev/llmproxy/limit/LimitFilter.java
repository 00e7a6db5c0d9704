package dev.llmproxy.limit;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.TokenEstimate;
import dev.llmproxy.provider.UsageSettlement;
import reactor.core.publisher.Mono;

/**
 * Holds callers to their quotas, and tells them where they stand. Tokens are set aside
 * when a call begins, and what it was charged takes their place when it ended. A call is
 * held to the rules of the configuration that it began with. Thread-safe.
 */
public final class LimitFilter implements LlmFilter {

	private final LimitStore store;

	private final long expectedOutput;

	private final LimitListener listener;

	private final TokenCounters counters;

	private final LiveSnapshot live;

	/**
	 * Creates one.
	 * @param live where the {@link LimitRules} are
	 * @param expectedOutput tokens set aside for an answer whose length the request does
	 * not limit
	 */
	public LimitFilter(LimitStore store, LiveSnapshot live, long expectedOutput, LimitListener listener) {
		this(store, live, expectedOutput, listener, TokenEstimate.COUNTERS);
	}

	/**
	 * Creates one.
	 * @param counters know the tokens of prompts
	 */
	public LimitFilter(LimitStore store, LiveSnapshot live, long expectedOutput, LimitListener listener,
			TokenCounters counters) {
		this.store = store;
		this.live = live;
		this.expectedOutput = expectedOutput;
		this.listener = listener;
		this.counters = counters;
	}

	/** Those that hold now. */
	public List<LimitRule> rules() {
		return this.live.get(LimitRules.class).all();
	}

	private List<LimitRule> rules(LlmRequest request) {
		return this.live.get(request, LimitRules.class).all();
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		List<LimitRule> rules = rules(request);
		if (rules.isEmpty()) {
			return next.handle(request);
		}
		return Mono.defer(() -> {
			List<Demand> demands = demands(rules, request);
			return demands.isEmpty() ? next.handle(request) : limited(demands, request, next);
		});
	}

	private static List<Demand> demands(List<LimitRule> rules, LlmRequest request) {
		List<Demand> demands = new ArrayList<>(rules.size());
		for (LimitRule rule : rules) {
			Demand demand = rule.demand(request);
			if (demand != null) {
				demands.add(demand);
			}
		}
		return demands;
	}

	private Mono<LlmResponse> limited(List<Demand> demands, LlmRequest request, LlmHandler next) {
		return this.store.acquire(demands, tokens(demands, request)).flatMap((decision) -> {
			Refusal refusal = decision.refusal();
			if (refusal != null) {
				this.listener.refused(refusal.standing().demand().quota().name(), refusal.limited());
				return Mono
					.error(LimitRefusals.of(refusal).withHeaders(LimitHeaders.refused(request.dialect(), refusal)));
			}
			for (Demand demand : demands) {
				this.listener.admitted(demand.quota().name());
			}
			return new Telling(request, decision).over(next.handle(request));
		});
	}

	/** Only where somebody counts them. */
	private long tokens(List<Demand> demands, LlmRequest request) {
		for (Demand demand : demands) {
			if (demand.quota().tokens() > 0) {
				return UsageSettlement.expected(request, this.expectedOutput, this.counters.of(request.model()));
			}
		}
		return 0;
	}

	@Override
	public int getOrder() {
		return FilterOrder.LIMIT.order();
	}

	private static final class Telling extends LeaseWatch {

		private final LlmRequest request;

		private final List<Standing> standings;

		Telling(LlmRequest request, Decision decision) {
			super(request, decision.lease());
			this.request = request;
			this.standings = decision.standings();
		}

		@Override
		protected LlmResponse begun(LlmResponse response) {
			return this.standings.isEmpty() ? response : response
				.withHeaders(LimitHeaders.replace(response.headers(), this.request.dialect(), this.standings));
		}

	}

}
