package dev.llmproxy.routing;

import java.util.List;

import dev.llmproxy.provider.Target;

/** A part of a route: a target, or others and how to choose among them. Immutable. */
public sealed interface RouteNode {

	/** One target. */
	record Leaf(Target target) implements RouteNode {
	}

	/**
	 * Others, put in order anew for each request.
	 *
	 * @param children at least one
	 */
	record Group(TargetSelector selector, List<RouteNode> children) implements RouteNode {

		public Group {
			children = List.copyOf(children);
			if (children.isEmpty()) {
				throw new IllegalArgumentException("A route needs a target");
			}
		}

	}

}
