package dev.llmproxy.routing;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The same one for all requests of a session, by weight (rendezvous hashing): every child
 * has a draw of its own for each session, and the best is chosen. So a child that goes,
 * or can't be called, moves only its own sessions, and each to where it would be next
 * time too. A request without a session is drawn.
 */
record StickySelector(SessionKey key, Supplier<? extends RandomGenerator> random) implements TargetSelector {

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		long session = this.key.of(context);
		if (session == SessionKey.NONE) {
			return Ranking.weighted(children, this.random.get());
		}
		double[] keys = new double[children.size()];
		for (int i = 0; i < keys.length; i++) {
			RouteNode child = children.get(i);
			keys[i] = Ranking.race(Hash.draw(Hash.mix(session ^ Hash.of(child.name()))), child.weight());
		}
		return Ranking.ascending(children, keys);
	}

	@Override
	public String strategy() {
		return "sticky";
	}

}
