package dev.llmproxy.routing;

import java.util.List;

/**
 * Puts the children of a group in the order in which they are tried for one request.
 * Synchronous, quick and thread-safe.
 */
@FunctionalInterface
public interface TargetSelector {

	/**
	 * Chooses.
	 * @return some or all of the children; those left out are not tried
	 */
	List<RouteNode> order(List<RouteNode> children, RoutingContext context);

	/** What to call it when a route is shown. */
	default String strategy() {
		return "custom";
	}

	/** As they are listed. */
	TargetSelector LISTED = new TargetSelector() {

		@Override
		public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
			return children;
		}

		@Override
		public String strategy() {
			return "ordered";
		}

	};

}
