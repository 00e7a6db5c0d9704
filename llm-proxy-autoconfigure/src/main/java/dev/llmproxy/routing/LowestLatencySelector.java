package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.provider.TargetStatistics;

/**
 * The better of two that are drawn by weight (power of two choices), so that not all
 * callers run to the same target at once. Better is the lower time until an answer begins
 * times the calls under way. A target that nobody knows yet is first, for one call at a
 * time; a group is as good as its best target.
 */
record LowestLatencySelector(StatisticsGate statistics,
		Supplier<? extends RandomGenerator> random) implements TargetSelector {

	/** After everything that is known, and still by the calls under way. */
	private static final double UNKNOWN = 1e30;

	private static final double UNEXPLORED = -1;

	/** Who failed without ever having answered is not explored again before. */
	private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(30);

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		List<RouteNode> drawn = Ranking.weighted(children, this.random.get());
		double[] costs = new double[drawn.size()];
		for (int i = 0; i < costs.length; i++) {
			costs[i] = cost(drawn.get(i));
		}
		RouteNode better = drawn.get((costs.length > 1 && costs[1] < costs[0]) ? 1 : 0);
		List<RouteNode> ordered = Ranking.ascending(drawn, costs);
		if (costs[0] == UNEXPLORED || ordered.get(0).equals(better)) {
			return ordered;
		}
		List<RouteNode> chosen = new ArrayList<>(ordered);
		Collections.rotate(chosen.subList(0, chosen.indexOf(better) + 1), 1);
		return chosen;
	}

	private double cost(RouteNode node) {
		if (node instanceof RouteNode.Leaf leaf) {
			return cost(this.statistics.of(leaf.target()));
		}
		double least = Double.MAX_VALUE;
		for (RouteNode child : ((RouteNode.Group) node).children()) {
			least = Math.min(least, cost(child));
		}
		return least;
	}

	private static double cost(TargetStatistics target) {
		double latency = target.expectedLatency();
		int inFlight = target.inFlight();
		if (latency > 0) {
			return latency * (inFlight + 1);
		}
		return (inFlight == 0 && target.nanosSinceFailure() > REST_NANOS) ? UNEXPLORED : UNKNOWN * (inFlight + 1);
	}

	@Override
	public String strategy() {
		return "lowest-latency";
	}

}
