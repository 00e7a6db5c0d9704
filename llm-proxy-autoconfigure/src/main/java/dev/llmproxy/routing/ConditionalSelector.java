package dev.llmproxy.routing;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** The child of the first branch whose condition matches, and no other. */
final class ConditionalSelector implements TargetSelector {

	private final List<Selectors.Branch> branches;

	private final List<RouteNode> otherwise;

	/**
	 * Creates one.
	 * @param otherwise if none matches; {@code null} for nothing
	 */
	ConditionalSelector(List<Selectors.Branch> branches, @Nullable RouteNode otherwise) {
		this.branches = List.copyOf(branches);
		this.otherwise = (otherwise != null) ? List.of(otherwise) : List.of();
	}

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		for (Selectors.Branch branch : this.branches) {
			if (branch.condition().matches(context)) {
				return List.of(branch.then());
			}
		}
		return this.otherwise;
	}

	@Override
	public String strategy() {
		return "conditional";
	}

}
