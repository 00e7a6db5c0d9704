package dev.llmproxy.routing;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.llmproxy.provider.StatisticsGate;

/** The fewest calls under way for its weight; who is first of equals is drawn. */
record LeastBusySelector(StatisticsGate statistics,
		Supplier<? extends RandomGenerator> random) implements TargetSelector {

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		List<RouteNode> drawn = Ranking.weighted(children, this.random.get());
		double[] keys = new double[drawn.size()];
		for (int i = 0; i < keys.length; i++) {
			RouteNode node = drawn.get(i);
			keys[i] = (double) inFlight(node) / node.weight();
		}
		return Ranking.ascending(drawn, keys);
	}

	private int inFlight(RouteNode node) {
		if (node instanceof RouteNode.Leaf leaf) {
			return this.statistics.of(leaf.target()).inFlight();
		}
		int sum = 0;
		for (RouteNode child : ((RouteNode.Group) node).children()) {
			sum += inFlight(child);
		}
		return sum;
	}

	@Override
	public String strategy() {
		return "least-busy";
	}

}
