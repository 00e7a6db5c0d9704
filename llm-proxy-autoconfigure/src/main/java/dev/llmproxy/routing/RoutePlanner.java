package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * Decides which targets of a route are tried for a request: puts them in order, leaves
 * out those that can't take it and those that are not to be called now. Thread-safe; has
 * no side effects but those of selectors that take turns.
 */
public final class RoutePlanner {

	private final AttemptGates gates;

	private final Preflight preflight;

	public RoutePlanner(AttemptGates gates) {
		this.gates = gates;
		this.preflight = new Preflight();
	}

	/** Plans. */
	public Plan plan(Route route, LlmRequest request) {
		if (route.root() instanceof RouteNode.Leaf leaf && route.fallbacks().isEmpty()) {
			return new Plan(route, List.of(candidate(leaf.target(), request)));
		}
		Set<Target> targets = new LinkedHashSet<>();
		collect(route.root(), new RoutingContext(request, route.name()), targets);
		targets.addAll(route.fallbacks());
		return new Plan(route, candidates(targets, request));
	}

	/** The candidates among these, in their order. */
	List<Candidate> candidates(Iterable<Target> targets, LlmRequest request) {
		List<Candidate> candidates = new ArrayList<>();
		for (Target target : targets) {
			candidates.add(candidate(target, request));
		}
		return candidates;
	}

	private Candidate candidate(Target target, LlmRequest request) {
		Unavailability unsuited = this.preflight.check(target, request);
		return new Candidate(target, unsuited, (unsuited != null) ? null : this.gates.unavailability(target));
	}

	/** Why a target can't be called at this moment. */
	@Nullable Unavailability unavailability(Target target) {
		return this.gates.unavailability(target);
	}

	private static void collect(RouteNode node, RoutingContext context, Set<Target> targets) {
		if (node instanceof RouteNode.Leaf leaf) {
			targets.add(leaf.target());
		}
		else if (node instanceof RouteNode.Group group) {
			for (RouteNode child : group.selector().order(group.children(), context)) {
				collect(child, context, targets);
			}
		}
	}

}
