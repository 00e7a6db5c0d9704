package dev.llmproxy.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.NanoUsd;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TargetStatistics;
import dev.llmproxy.provider.Timeouts;
import dev.llmproxy.provider.Unavailability;
import dev.llmproxy.routing.HedgingPolicy;
import dev.llmproxy.routing.Requirement;
import dev.llmproxy.routing.RetryPolicy;
import dev.llmproxy.routing.Route;
import dev.llmproxy.routing.RouteNode;
import org.jspecify.annotations.Nullable;

/**
 * A route for a person to read.
 *
 * @param targets all of them by id, with what is going on there
 */
record RouteDescription(String name, Node root, List<Node> fallbacks, List<Node> contextWindowFallbacks,
		List<Node> contentPolicyFallbacks, RetryPolicy retry, @Nullable HedgingPolicy hedging, @Nullable Mirror mirror,
		@Nullable Timeouts timeouts, Requirement require, Map<String, TargetDescription> targets) {

	static RouteDescription of(Route route, StatisticsGate statistics, AttemptGates gates) {
		Map<String, TargetDescription> targets = new TreeMap<>();
		for (Target target : route.targets()) {
			targets.put(target.id(), TargetDescription.of(target, statistics.of(target), gates.unavailability(target)));
		}
		Route.Mirror mirror = route.mirror();
		return new RouteDescription(route.name(), Node.of(route.root()), nodes(route.fallbacks()),
				nodes(route.contextWindowFallbacks()), nodes(route.contentPolicyFallbacks()), route.retry(),
				route.hedging(), (mirror != null) ? new Mirror(mirror.target().id(), mirror.percent()) : null,
				route.timeouts(), route.requirement(), targets);
	}

	private static List<Node> nodes(List<RouteNode> nodes) {
		return nodes.stream().map(Node::of).toList();
	}

	/**
	 * A target or a group.
	 *
	 * @param strategy of a group
	 */
	record Node(String name, int weight, int priority, @Nullable String strategy, @Nullable List<Node> targets) {

		static Node of(RouteNode node) {
			return (node instanceof RouteNode.Group group)
					? new Node(group.name(), group.weight(), group.priority(), group.selector().strategy(),
							nodes(group.children()))
					: new Node(node.name(), node.weight(), node.priority(), null, null);
		}

	}

	/**
	 * Who gets copies.
	 *
	 * @param target its id
	 */
	record Mirror(String target, double percent) {
	}

	/**
	 * A target and what is going on there.
	 *
	 * @param capabilities what the operator says
	 * @param known what is known where the operator says nothing
	 */
	record TargetDescription(String provider, String model, @Nullable String region, Set<String> tags,
			Deployment.Limits limits, @Nullable Prices prices, Deployment.Capabilities capabilities,
			Deployment.Capabilities known, State state) {

		static TargetDescription of(Target target, TargetStatistics statistics,
				@Nullable Unavailability unavailability) {
			Deployment deployment = target.deployment();
			return new TargetDescription(target.provider().name(), target.model(), deployment.region(),
					new TreeSet<>(deployment.tags()), deployment.limits(), Prices.of(deployment.prices()),
					deployment.capabilities(), deployment.known(), State.of(statistics, unavailability));
		}

	}

	/** In US dollars per million tokens. */
	record Prices(@Nullable BigDecimal input, @Nullable BigDecimal output) {

		static @Nullable Prices of(@Nullable ModelPrices prices) {
			return (prices != null) ? new Prices(dollars(prices.input()), dollars(prices.output())) : null;
		}

		private static @Nullable BigDecimal dollars(@Nullable Long nanos) {
			return (nanos != null) ? NanoUsd.dollars(nanos) : null;
		}

	}

	/**
	 * What traffic tells of a target.
	 *
	 * @param latencyMillis the moving average until an answer begins
	 * @param p95Millis the 95th percentile of that
	 * @param unavailable why it is not called now
	 */
	record State(int inFlight, long latencyMillis, long p95Millis, long succeeded, long failed,
			@Nullable Reason unavailable) {

		private static final double NANOS = 1e6;

		static State of(TargetStatistics statistics, @Nullable Unavailability unavailability) {
			return new State(statistics.inFlight(), Math.round(statistics.latency() / NANOS),
					Math.round(statistics.p95() / NANOS), statistics.succeededCount(), statistics.failedCount(),
					Reason.of(unavailability));
		}

	}

	/**
	 * Why a target is not called.
	 *
	 * @param reason a stable word
	 * @param retryAfter when to ask again, where somebody knows
	 */
	record Reason(String reason, String detail, @Nullable Duration retryAfter) {

		static @Nullable Reason of(@Nullable Unavailability unavailability) {
			return (unavailability != null)
					? new Reason(unavailability.reason(), unavailability.detail(), unavailability.retryAfter()) : null;
		}

	}

}
