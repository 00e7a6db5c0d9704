package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptHandler;
import dev.llmproxy.provider.StatisticsGate;
import reactor.core.publisher.Mono;

/**
 * The end of the chain: finds the route of a request, plans it and has it attempted. Only
 * the head is tried again; once it was emitted the answer is committed. Thread-safe.
 */
public final class RoutingHandler implements LlmHandler {

	private final Router router;

	private final RoutePlanner planner;

	private final RetryBudget budget;

	private final StatisticsGate statistics;

	private final AttemptHandler attempts;

	private final Mirrors mirrors;

	private final Hedges hedges = new Hedges();

	public RoutingHandler(Router router, RoutePlanner planner, RetryBudget budget, StatisticsGate statistics,
			List<AttemptFilter> filters) {
		this.router = router;
		this.planner = planner;
		this.budget = budget;
		this.statistics = statistics;
		this.attempts = fold(filters);
		this.mirrors = new Mirrors(this.attempts, planner);
	}

	private static AttemptHandler fold(List<AttemptFilter> filters) {
		List<AttemptFilter> innermostFirst = new ArrayList<>(filters);
		innermostFirst.sort(Comparator.comparingInt(AttemptFilter::getOrder).reversed());
		AttemptHandler handler = (attempt) -> attempt.target().provider().execute(attempt);
		for (AttemptFilter filter : innermostFirst) {
			AttemptHandler next = handler;
			handler = (attempt) -> filter.filter(attempt, next);
		}
		return handler;
	}

	@Override
	public Mono<LlmResponse> handle(LlmRequest request) {
		return Mono.defer(() -> {
			Route route = this.router.route(request);
			Plan plan = this.planner.plan(route, request);
			if (route.mirror() != null) {
				this.mirrors.send(route, request);
			}
			if (route.hedging() != null) {
				this.hedges.request(route);
			}
			return new AttemptLoop(request, plan, this).run();
		});
	}

	RoutePlanner planner() {
		return this.planner;
	}

	RetryBudget budget() {
		return this.budget;
	}

	StatisticsGate statistics() {
		return this.statistics;
	}

	AttemptHandler attempts() {
		return this.attempts;
	}

	Hedges hedges() {
		return this.hedges;
	}

	RandomGenerator random() {
		return ThreadLocalRandom.current();
	}

}
