package dev.llmproxy.routing;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * An experiment: each subject gets one of the children, by their shares, and always the
 * same. The others are not tried, so that what is compared stays apart. If shares are
 * changed only those subjects move that have to. A request without a subject is drawn.
 */
final class SplitSelector implements TargetSelector {

	private final SessionKey key;

	private final long salt;

	private final Supplier<? extends RandomGenerator> random;

	/**
	 * Creates one.
	 * @param experiment its name; subjects of one experiment are spread anew in another
	 */
	SplitSelector(SessionKey key, String experiment, Supplier<? extends RandomGenerator> random) {
		this.key = key;
		this.salt = Hash.of(experiment);
		this.random = random;
	}

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		long subject = this.key.of(context);
		double draw = (subject != SessionKey.NONE) ? Hash.draw(Hash.mix(subject ^ this.salt))
				: this.random.get().nextDouble();
		long total = 0;
		for (RouteNode child : children) {
			total += child.weight();
		}
		double left = draw * total;
		for (RouteNode child : children) {
			left -= child.weight();
			if (left < 0) {
				return List.of(child);
			}
		}
		return List.of(children.get(children.size() - 1));
	}

	@Override
	public String strategy() {
		return "split";
	}

}
