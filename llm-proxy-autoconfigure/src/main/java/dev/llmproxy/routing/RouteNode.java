package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.llmproxy.provider.Target;

/** A part of a route: a target, or others and how to choose among them. Immutable. */
public sealed interface RouteNode {

	/** Tells it from its siblings: a target's id, or a group's name. */
	String name();

	/** Its share among its siblings; positive. */
	int weight();

	/** Lower ones are tried before their siblings. */
	int priority();

	/** Visits all targets, those of groups within groups too, as they are listed. */
	void forEachTarget(Consumer<? super Target> visitor);

	/** Some targets as parts of a route. */
	static List<RouteNode> of(List<Target> targets) {
		List<RouteNode> leaves = new ArrayList<>(targets.size());
		for (Target target : targets) {
			leaves.add(new Leaf(target));
		}
		return leaves;
	}

	/** One target. */
	record Leaf(Target target) implements RouteNode {

		@Override
		public String name() {
			return this.target.id();
		}

		@Override
		public int weight() {
			return this.target.deployment().weight();
		}

		@Override
		public int priority() {
			return this.target.deployment().priority();
		}

		@Override
		public void forEachTarget(Consumer<? super Target> visitor) {
			visitor.accept(this.target);
		}

	}

	/**
	 * Others, put in order anew for each request.
	 *
	 * @param children at least one
	 */
	record Group(String name, int weight, int priority, TargetSelector selector,
			List<RouteNode> children) implements RouteNode {

		public Group {
			children = List.copyOf(children);
			if (children.isEmpty()) {
				throw new IllegalArgumentException("A route needs a target");
			}
			if (weight <= 0) {
				throw new IllegalArgumentException("weight must be positive");
			}
		}

		/** A group that has no siblings, or none that it is weighed against. */
		public Group(TargetSelector selector, List<RouteNode> children) {
			this("group", 1, 0, selector, children);
		}

		@Override
		public void forEachTarget(Consumer<? super Target> visitor) {
			for (RouteNode child : this.children) {
				child.forEachTarget(visitor);
			}
		}

	}

}
