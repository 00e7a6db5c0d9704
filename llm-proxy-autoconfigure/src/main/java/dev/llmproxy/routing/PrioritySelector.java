package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The lowest priority first; those of one priority are drawn by weight. */
record PrioritySelector(Supplier<? extends RandomGenerator> random) implements TargetSelector {

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		List<RouteNode> drawn = Ranking.weighted(children, this.random.get());
		List<RouteNode> ordered = new ArrayList<>(drawn.size());
		for (RouteNode node : drawn) {
			int place = ordered.size();
			while (place > 0 && ordered.get(place - 1).priority() > node.priority()) {
				place--;
			}
			ordered.add(place, node);
		}
		return ordered;
	}

	@Override
	public String strategy() {
		return "priority";
	}

}
