package dev.llmproxy.routing;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.llmproxy.provider.TargetHeadroom;

/**
 * The one of whose limits most is left; a group has what its best target has. Equals are
 * drawn by weight.
 */
record UsageAwareSelector(TargetHeadroom headroom,
		Supplier<? extends RandomGenerator> random) implements TargetSelector {

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		List<RouteNode> drawn = Ranking.weighted(children, this.random.get());
		double[] keys = new double[drawn.size()];
		for (int i = 0; i < keys.length; i++) {
			keys[i] = -left(drawn.get(i));
		}
		return Ranking.ascending(drawn, keys);
	}

	private double left(RouteNode node) {
		if (node instanceof RouteNode.Leaf leaf) {
			return this.headroom.of(leaf.target());
		}
		double most = 0;
		for (RouteNode child : ((RouteNode.Group) node).children()) {
			most = Math.max(most, left(child));
		}
		return most;
	}

	@Override
	public String strategy() {
		return "usage-aware";
	}

}
