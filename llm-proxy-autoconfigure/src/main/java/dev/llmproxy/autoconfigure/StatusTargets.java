package dev.llmproxy.autoconfigure;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TargetStatistics;
import dev.llmproxy.provider.Unavailability;
import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.routing.Route;
import dev.llmproxy.routing.RouteNode;
import dev.llmproxy.routing.Router;
import org.jspecify.annotations.Nullable;

/** What goes on at routes and their targets, for the status page. */
final class StatusTargets {

	/** That are told: callers may have any number of models served. */
	static final int MOST = 100;

	private static final double NANOS = 1e6;

	private final Router router;

	private final StatisticsGate statistics;

	private final AttemptGates gates;

	private final @Nullable BreakerGate breakers;

	StatusTargets(Router router, StatisticsGate statistics, AttemptGates gates, @Nullable BreakerGate breakers) {
		this.router = router;
		this.statistics = statistics;
		this.gates = gates;
		this.breakers = breakers;
	}

	List<StatusReport.RouteState> routes() {
		return this.router.routes()
			.stream()
			.sorted(Comparator.comparing(Route::name))
			.limit(MOST)
			.map((route) -> new StatusReport.RouteState(route.name(),
					(route.root() instanceof RouteNode.Group group) ? group.selector().strategy() : null,
					route.targets().stream().map(Target::id).toList()))
			.toList();
	}

	List<StatusReport.TargetState> targets() {
		Map<String, Target> all = new LinkedHashMap<>();
		this.router.routes().forEach((route) -> route.targets().forEach((target) -> all.put(target.id(), target)));
		this.statistics.all().forEach((id, known) -> all.putIfAbsent(id, known.target()));
		return all.values()
			.stream()
			.map(this::state)
			.sorted(Comparator.comparingLong((StatusReport.TargetState target) -> target.succeeded() + target.failed())
				.reversed()
				.thenComparing(StatusReport.TargetState::id))
			.limit(MOST)
			.toList();
	}

	private StatusReport.TargetState state(Target target) {
		TargetStatistics known = this.statistics.of(target);
		BreakerGate.TargetBreaker breaker = (this.breakers != null) ? this.breakers.all().get(target.id()) : null;
		Unavailability why = this.gates.unavailability(target);
		return new StatusReport.TargetState(target.id(), target.provider().name(), known.inFlight(),
				known.succeededCount(), known.failedCount(), known.failedInARow(), known.lastError(),
				known.latency() / NANOS, known.p95() / NANOS,
				(breaker != null) ? breaker.breaker().getState().name() : null, (why != null) ? why.reason() : null,
				(why != null && why.retryAfter() != null) ? why.retryAfter().toMillis() : null);
	}

}
