package dev.llmproxy.routing;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Orders children by a number each. */
final class Ranking {

	private Ranking() {
	}

	/**
	 * The children by ascending keys; of equal ones the one listed first is first.
	 * @param keys reordered as the children are
	 */
	static List<RouteNode> ascending(List<RouteNode> children, double[] keys) {
		RouteNode[] ordered = children.toArray(RouteNode[]::new);
		// Insertion: there are few, and it keeps equal ones in place.
		for (int i = 1; i < ordered.length; i++) {
			RouteNode node = ordered[i];
			double key = keys[i];
			int j = i;
			for (; j > 0 && keys[j - 1] > key; j--) {
				ordered[j] = ordered[j - 1];
				keys[j] = keys[j - 1];
			}
			ordered[j] = node;
			keys[j] = key;
		}
		return Arrays.asList(ordered);
	}

	/**
	 * In random order: each place is drawn among those left, by their weights.
	 */
	static List<RouteNode> weighted(List<RouteNode> children, RandomGenerator random) {
		double[] keys = new double[children.size()];
		for (int i = 0; i < keys.length; i++) {
			keys[i] = race(random.nextDouble(), children.get(i).weight());
		}
		return ascending(children, keys);
	}

	/**
	 * When a runner arrives whose speed is its weight. Who arrives first was drawn by
	 * weight, and so was who arrives next among the others (exponential race).
	 * @param draw equally distributed from 0 to 1
	 */
	static double race(double draw, int weight) {
		return -Math.log(1 - draw) / weight;
	}

}
