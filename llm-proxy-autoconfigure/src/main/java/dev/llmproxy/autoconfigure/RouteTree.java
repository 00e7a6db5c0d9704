package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.llmproxy.routing.Condition;
import dev.llmproxy.routing.ConditionQuery;
import dev.llmproxy.routing.RouteNode;
import dev.llmproxy.routing.Selectors;
import dev.llmproxy.routing.TargetSelector;
import org.jspecify.annotations.Nullable;

/** Makes the nodes of a route of its properties. */
final class RouteTree {

	private static final String SESSION = "headers.llm-proxy-session";

	private final TargetCatalog catalog;

	private final Selectors selectors;

	RouteTree(TargetCatalog catalog, Selectors selectors) {
		this.catalog = catalog;
		this.selectors = selectors;
	}

	/**
	 * The root of a route.
	 * @throws InvalidPropertyException naming the property that is wrong
	 */
	RouteNode root(String property, RouteProperties route) {
		Choice choice = new Choice(property, route.strategy(), route.targets(), route.conditions(),
				route.defaultTarget(), route.by());
		RouteNode.Group root = group("", 1, 0, choice);
		return (root.children().size() == 1 && choice.strategy() == RouteStrategy.ORDERED) ? root.children().get(0)
				: root;
	}

	private RouteNode node(String property, RouteProperties.Target target) {
		if ((target.model() != null) == !target.targets().isEmpty()) {
			throw new InvalidPropertyException(property,
					(target.model() != null) ? "it has a model and targets" : "it has neither a model nor targets",
					"Give it a 'model', such as openai/gpt-4o-mini, or, as a group, 'targets'.");
		}
		if (target.model() != null) {
			return new RouteNode.Leaf(this.catalog.target(property, target, target.model()));
		}
		if (target.weight() <= 0) {
			throw new InvalidPropertyException(property + ".weight", "it must be positive",
					"Leave the group out if it is to get nothing.");
		}
		return group((target.name() != null) ? target.name() : "", target.weight(), target.priority(),
				new Choice(property, target.strategy(), target.targets(), target.conditions(), target.defaultTarget(),
						target.by()));
	}

	private RouteNode.Group group(String name, int weight, int priority, Choice choice) {
		if (choice.targets().isEmpty()) {
			throw new InvalidPropertyException(choice.property() + ".targets", "there is none", TargetCatalog.EXAMPLE);
		}
		Map<String, RouteNode> named = new LinkedHashMap<>();
		for (int i = 0; i < choice.targets().size(); i++) {
			String place = choice.property() + ".targets[" + i + "]";
			RouteProperties.Target target = choice.targets().get(i);
			RouteNode node = node(place, target);
			String called = (target.name() != null) ? target.name() : node.name();
			if (named.put(called, node) != null) {
				throw new InvalidPropertyException(place, "'" + called + "' is there twice",
						"Leave one out, or give it a 'name' of its own.");
			}
		}
		List<RouteNode> children = List.copyOf(named.values());
		TargetSelector selector = selector(choice, named);
		return new RouteNode.Group(!name.isEmpty() ? name : label(children), weight, priority, selector, children);
	}

	/** Stays the same when a group moves, which sticky sessions depend on. */
	private static String label(List<RouteNode> children) {
		return children.stream().map(RouteNode::name).collect(Collectors.joining("|", "(", ")"));
	}

	private TargetSelector selector(Choice choice, Map<String, RouteNode> named) {
		if (choice.strategy() != RouteStrategy.CONDITIONAL
				&& (!choice.conditions().isEmpty() || choice.defaultTarget() != null)) {
			throw new InvalidPropertyException(
					choice.property() + (choice.conditions().isEmpty() ? ".default-target" : ".conditions"),
					"the strategy is not conditional", "Set 'strategy: conditional' beside it.");
		}
		boolean keyed = choice.strategy() == RouteStrategy.STICKY || choice.strategy() == RouteStrategy.SPLIT;
		if (!choice.by().isEmpty() && !keyed) {
			throw new InvalidPropertyException(choice.property() + ".by", "the strategy is neither sticky nor split",
					"Set 'strategy: sticky' beside it.");
		}
		List<RouteNode> children = List.copyOf(named.values());
		return switch (choice.strategy()) {
			case ORDERED -> this.selectors.ordered();
			case PRIORITY -> this.selectors.priority();
			case WEIGHTED -> this.selectors.weighted();
			case ROUND_ROBIN -> this.selectors.roundRobin(children);
			case LEAST_BUSY -> this.selectors.leastBusy();
			case LOWEST_LATENCY -> this.selectors.lowestLatency();
			case LOWEST_COST -> this.selectors.lowestCost(children);
			case USAGE_AWARE -> this.selectors.usageAware();
			case STICKY -> sticky(choice);
			case CONDITIONAL -> conditional(choice, named);
			case SPLIT -> split(choice, children);
		};
	}

	private TargetSelector sticky(Choice choice) {
		try {
			return this.selectors.sticky(choice.by().isEmpty() ? List.of(SESSION, "prompt-prefix") : choice.by());
		}
		catch (IllegalArgumentException ex) {
			throw field(choice, ex);
		}
	}

	private TargetSelector split(Choice choice, List<RouteNode> children) {
		long sum = children.stream().mapToLong(RouteNode::weight).sum();
		if (sum != 100) {
			throw new InvalidPropertyException(choice.property() + ".targets",
					"the weights of a split are percentages, and these sum up to " + sum,
					"Give each target a 'weight', 100 together.");
		}
		try {
			return this.selectors.split(choice.by().isEmpty() ? List.of(SESSION, "params.user", "caller") : choice.by(),
					choice.property());
		}
		catch (IllegalArgumentException ex) {
			throw field(choice, ex);
		}
	}

	private static InvalidPropertyException field(Choice choice, IllegalArgumentException ex) {
		return new InvalidPropertyException(choice.property() + ".by", String.valueOf(ex.getMessage()),
				"Use a field such as headers.x-session, or prompt-prefix.");
	}

	private TargetSelector conditional(Choice choice, Map<String, RouteNode> named) {
		if (choice.conditions().isEmpty()) {
			throw new InvalidPropertyException(choice.property() + ".conditions", "there is none",
					"Add one with a 'query' and a 'then', or use another strategy.");
		}
		List<Selectors.Branch> branches = new ArrayList<>();
		for (int i = 0; i < choice.conditions().size(); i++) {
			String place = choice.property() + ".conditions[" + i + "]";
			RouteProperties.Branch branch = choice.conditions().get(i);
			branches.add(new Selectors.Branch(condition(place + ".query", branch),
					child(place + ".then", branch.then(), named)));
		}
		return this.selectors.conditional(branches, (choice.defaultTarget() != null)
				? child(choice.property() + ".default-target", choice.defaultTarget(), named) : null);
	}

	private Condition condition(String property, RouteProperties.Branch branch) {
		try {
			return ConditionQuery.parse(branch.query(), this.selectors.flags());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException(property, String.valueOf(ex.getMessage()),
					"Write it like this: '{ metadata.plan: { eq: paid } }'.");
		}
	}

	private static RouteNode child(String property, @Nullable String name, Map<String, RouteNode> named) {
		RouteNode node = (name != null) ? named.get(name) : null;
		if (node == null) {
			throw new InvalidPropertyException(property,
					(name != null) ? "there is no target '" + name + "' beside it" : "it is missing",
					"There are: " + String.join(", ", named.keySet()) + ".");
		}
		return node;
	}

	/** What a route and a group in it have in common. */
	private record Choice(String property, RouteStrategy strategy, List<RouteProperties.Target> targets,
			List<RouteProperties.Branch> conditions, @Nullable String defaultTarget, List<String> by) {
	}

}
