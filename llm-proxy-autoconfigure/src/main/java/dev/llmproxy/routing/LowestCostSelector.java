package dev.llmproxy.routing;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.provider.ModelPrices;
import org.jspecify.annotations.Nullable;

/**
 * The cheapest for what the request is likely to take: its estimated prompt, and an
 * answer of as many tokens as it allows, up to {@value #LONGEST_ANSWER}, because few
 * answers use what they may. A target without prices comes last; a group costs what its
 * cheapest target does.
 */
final class LowestCostSelector implements TargetSelector {

	static final int LONGEST_ANSWER = 1000;

	/** Whether the order is the same for every request, which then is not decoded. */
	private final boolean fixed;

	LowestCostSelector(List<RouteNode> children) {
		this.fixed = fixed(children);
	}

	/** Whether whoever is cheaper to ask is never dearer to hear. */
	private static boolean fixed(List<RouteNode> children) {
		for (RouteNode one : children) {
			for (RouteNode other : children) {
				if (!(one instanceof RouteNode.Leaf a) || !(other instanceof RouteNode.Leaf b)
						|| crossed(a.target().deployment().prices(), b.target().deployment().prices())) {
					return false;
				}
			}
		}
		return true;
	}

	private static boolean crossed(@Nullable ModelPrices a, @Nullable ModelPrices b) {
		return a != null && b != null
				&& (!a.tiers().isEmpty() || !b.tiers().isEmpty() || Long.signum(known(a.input()) - known(b.input()))
						* Long.signum(known(a.output()) - known(b.output())) < 0);
	}

	private static long known(@Nullable Long price) {
		return (price != null) ? price : 0;
	}

	@Override
	public List<RouteNode> order(List<RouteNode> children, RoutingContext context) {
		long answer = this.fixed ? 1 : answer(context);
		double[] costs = new double[children.size()];
		for (int i = 0; i < costs.length; i++) {
			costs[i] = cost(children.get(i), context, answer);
		}
		return Ranking.ascending(children, costs);
	}

	private static long answer(RoutingContext context) {
		ChatRequest chat = context.chat();
		if (chat == null) {
			return 0;
		}
		Integer most = chat.maxTokens();
		return (most != null) ? Math.min(most, LONGEST_ANSWER) : LONGEST_ANSWER;
	}

	private double cost(RouteNode node, RoutingContext context, long answer) {
		if (node instanceof RouteNode.Leaf leaf) {
			ModelPrices prices = leaf.target().deployment().prices();
			if (prices == null) {
				return Double.MAX_VALUE;
			}
			long prompt = this.fixed ? 1 : context.estimatedTokens(leaf.target());
			ModelPrices asked = prices.ofPrompt(prompt);
			return (double) known(asked.input()) * prompt + (double) known(asked.output()) * answer;
		}
		double least = Double.MAX_VALUE;
		for (RouteNode child : ((RouteNode.Group) node).children()) {
			least = Math.min(least, cost(child, context, answer));
		}
		return least;
	}

	@Override
	public String strategy() {
		return "lowest-cost";
	}

}
