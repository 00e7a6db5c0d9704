package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.TokenEstimate;
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

	private final TokenCounters counters;

	/** Estimates tokens. */
	public RoutePlanner(AttemptGates gates) {
		this(gates, TokenEstimate.COUNTERS);
	}

	public RoutePlanner(AttemptGates gates, TokenCounters counters) {
		this.gates = gates;
		this.preflight = new Preflight();
		this.counters = counters;
	}

	private RoutingContext context(Route route, LlmRequest request, boolean rehearsal) {
		return new RoutingContext(request, route.name(), rehearsal, this.counters);
	}

	/** Plans. */
	public Plan plan(Route route, LlmRequest request) {
		return plan(route, context(route, request, false));
	}

	/**
	 * Says what would be done with a request, and what with one that turns out too long
	 * or is refused by a policy. Nobody's turn is over by that.
	 */
	public Rehearsal rehearse(Route route, LlmRequest request) {
		RoutingContext context = context(route, request, true);
		return new Rehearsal(plan(route, context), candidates(route, route.contextWindowFallbacks(), context),
				candidates(route, route.contentPolicyFallbacks(), context));
	}

	private Plan plan(Route route, RoutingContext context) {
		Requirement demand = Requirement.of(context.request());
		if (route.root() instanceof RouteNode.Leaf leaf && route.fallbacks().isEmpty()) {
			return new Plan(route, List.of(candidate(leaf.target(), route, demand, context)));
		}
		List<Target> targets = new ArrayList<>();
		collect(route.root(), context, targets);
		for (RouteNode fallback : route.fallbacks()) {
			collect(fallback, context, targets);
		}
		return new Plan(route, candidates(targets, route, demand, context));
	}

	/** The candidates among some fallbacks, in their order. */
	List<Candidate> candidates(Route route, List<RouteNode> nodes, LlmRequest request) {
		return candidates(route, nodes, context(route, request, false));
	}

	private List<Candidate> candidates(Route route, List<RouteNode> nodes, RoutingContext context) {
		List<Target> targets = new ArrayList<>();
		for (RouteNode node : nodes) {
			collect(node, context, targets);
		}
		return candidates(targets, route, Requirement.of(context.request()), context);
	}

	private List<Candidate> candidates(List<Target> targets, Route route, Requirement demand, RoutingContext context) {
		List<Candidate> candidates = new ArrayList<>(targets.size());
		for (Target target : targets) {
			candidates.add(candidate(target, route, demand, context));
		}
		return (candidates.size() > 1) ? withoutDoubtful(candidates, context) : candidates;
	}

	/**
	 * Leaves out those of whom it is known that they can't take the request, although the
	 * operator did not say so, if others are left: what is known may be out of date.
	 */
	private List<Candidate> withoutDoubtful(List<Candidate> candidates, RoutingContext context) {
		List<Candidate> sure = null;
		boolean left = false;
		for (int i = 0; i < candidates.size(); i++) {
			Candidate candidate = candidates.get(i);
			Unavailability doubt = candidate.eligible() ? this.preflight.doubt(candidate.target(), context) : null;
			if (doubt != null) {
				sure = (sure != null) ? sure : new ArrayList<>(candidates);
				sure.set(i, new Candidate(candidate.target(), doubt, null));
			}
			else {
				left = left || candidate.eligible();
			}
		}
		return (sure != null && left) ? sure : candidates;
	}

	private Candidate candidate(Target target, Route route, Requirement demand, RoutingContext context) {
		Unavailability unsuited = route.requirement().check(target.deployment());
		if (unsuited == null) {
			unsuited = demand.check(target.deployment());
		}
		if (unsuited == null) {
			unsuited = this.preflight.check(target, context);
		}
		return new Candidate(target, unsuited, (unsuited != null) ? null : this.gates.unavailability(target));
	}

	/**
	 * Whether a copy may go there: what is demanded of targets is demanded of mirrors.
	 */
	boolean mayMirror(Route route, Target target, LlmRequest request) {
		return candidate(target, route, Requirement.of(request), context(route, request, false)).eligible();
	}

	/** Why a target can't be called at this moment. */
	@Nullable Unavailability unavailability(Target target) {
		return this.gates.unavailability(target);
	}

	private static void collect(RouteNode node, RoutingContext context, List<Target> targets) {
		if (node instanceof RouteNode.Leaf leaf) {
			if (!contains(targets, leaf.target())) {
				targets.add(leaf.target());
			}
		}
		else if (node instanceof RouteNode.Group group) {
			for (RouteNode child : group.selector().order(group.children(), context)) {
				collect(child, context, targets);
			}
		}
	}

	/** There are few, and to hash one is to hash all that is said of it. */
	private static boolean contains(List<Target> targets, Target target) {
		for (Target other : targets) {
			if (other.id().equals(target.id())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * What would be done.
	 *
	 * @param tooLong candidates if the prompt is too long for those of the plan
	 * @param refused candidates if a policy refuses the prompt
	 */
	public record Rehearsal(Plan plan, List<Candidate> tooLong, List<Candidate> refused) {

		/** What the caller would be told; {@code null} if some target would be tried. */
		public @Nullable LlmException refusal() {
			return this.plan.targets().isEmpty() ? PlanRefusal.of(this.plan) : null;
		}

	}

}
