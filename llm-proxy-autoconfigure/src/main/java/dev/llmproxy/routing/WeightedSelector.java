package dev.llmproxy.routing;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Draws by weight; the order of the others is drawn by weight too. */
record WeightedSelector(Supplier<? extends RandomGenerator> random) implements TargetSelector {

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		return Ranking.weighted(children, this.random.get());
	}

	@Override
	public String strategy() {
		return "weighted";
	}

}
