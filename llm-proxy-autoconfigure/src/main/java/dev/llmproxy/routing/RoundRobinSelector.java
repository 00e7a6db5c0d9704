package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes turns: as many as the weights say, spread evenly. The others follow in the order
 * they are listed.
 */
final class RoundRobinSelector implements TargetSelector {

	/** So many turns make a round at most; weights are rounded to fit. */
	private static final int LONGEST_ROUND = 1000;

	private final int[] round;

	private final AtomicInteger turn = new AtomicInteger();

	RoundRobinSelector(List<RouteNode> children) {
		this.round = round(children.stream().mapToInt(RouteNode::weight).toArray());
	}

	/** Each turn goes to whom most is owed (the way nginx does it). */
	private static int[] round(int[] given) {
		int[] weights = fitting(given);
		int total = Arrays.stream(weights).sum();
		int[] round = new int[total];
		int[] owed = new int[weights.length];
		for (int turn = 0; turn < total; turn++) {
			int most = 0;
			for (int i = 0; i < weights.length; i++) {
				owed[i] += weights[i];
				most = (owed[i] > owed[most]) ? i : most;
			}
			owed[most] -= total;
			round[turn] = most;
		}
		return round;
	}

	private static int[] fitting(int[] given) {
		int divisor = Arrays.stream(given).reduce(0, RoundRobinSelector::greatestCommonDivisor);
		long total = Arrays.stream(given).asLongStream().sum() / divisor;
		double scale = (total > LONGEST_ROUND) ? (double) LONGEST_ROUND / total : 1;
		return Arrays.stream(given).map((weight) -> (int) Math.max(1, Math.round(weight * scale / divisor))).toArray();
	}

	private static int greatestCommonDivisor(int a, int b) {
		return (b == 0) ? a : greatestCommonDivisor(b, a % b);
	}

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		int now = context.rehearsal() ? this.turn.get() : this.turn.getAndIncrement();
		int first = this.round[Math.floorMod(now, this.round.length)];
		List<RouteNode> ordered = new ArrayList<>(children.size());
		for (int i = 0; i < children.size(); i++) {
			ordered.add(children.get((first + i) % children.size()));
		}
		return ordered;
	}

	@Override
	public String strategy() {
		return "round-robin";
	}

}
