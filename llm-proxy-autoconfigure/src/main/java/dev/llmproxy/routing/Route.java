package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Timeouts;
import org.jspecify.annotations.Nullable;

/**
 * What serves the requests for one model name, and what happens when it can't. Immutable.
 *
 * @param name the alias, or the model's name where there is none
 * @param root what serves it
 * @param retry when and how often it is tried again
 * @param fallbacks tried after everything else, whatever failed
 * @param contextWindowFallbacks tried instead when the prompt is too long
 * @param contentPolicyFallbacks tried instead when the provider's policy refuses the
 * prompt
 * @param hedging whether a second target is asked when the first takes long; {@code null}
 * for no
 * @param mirror who gets copies of requests; {@code null} for nobody
 * @param timeouts the clocks of each attempt; {@code null} for each provider's own
 * @param requirement what all targets must be, fallbacks included
 */
public record Route(String name, RouteNode root, RetryPolicy retry, List<RouteNode> fallbacks,
		List<RouteNode> contextWindowFallbacks, List<RouteNode> contentPolicyFallbacks, @Nullable HedgingPolicy hedging,
		@Nullable Mirror mirror, @Nullable Timeouts timeouts, Requirement requirement) {

	public Route {
		fallbacks = List.copyOf(fallbacks);
		contextWindowFallbacks = List.copyOf(contextWindowFallbacks);
		contentPolicyFallbacks = List.copyOf(contentPolicyFallbacks);
	}

	/** One that demands nothing. */
	public Route(String name, RouteNode root, RetryPolicy retry, List<RouteNode> fallbacks,
			List<RouteNode> contextWindowFallbacks, List<RouteNode> contentPolicyFallbacks,
			@Nullable HedgingPolicy hedging, @Nullable Mirror mirror, @Nullable Timeouts timeouts) {
		this(name, root, retry, fallbacks, contextWindowFallbacks, contentPolicyFallbacks, hedging, mirror, timeouts,
				Requirement.NONE);
	}

	/** One target or several in this order, and defaults for the rest. */
	public static Route of(String name, List<Target> targets, RetryPolicy retry) {
		return of(name, root(targets), retry);
	}

	/** Targets as a strategy puts them, and defaults for the rest. */
	public static Route of(String name, RouteNode root, RetryPolicy retry) {
		return new Route(name, root, retry, List.of(), List.of(), List.of(), null, null, null);
	}

	private static RouteNode root(List<Target> targets) {
		return (targets.size() == 1) ? new RouteNode.Leaf(targets.get(0))
				: new RouteNode.Group(TargetSelector.LISTED, RouteNode.of(targets));
	}

	/** All targets, fallbacks of all kinds included, each once. */
	public List<Target> targets() {
		List<Target> targets = new ArrayList<>();
		this.root.forEachTarget(targets::add);
		for (List<RouteNode> more : List.of(this.fallbacks, this.contextWindowFallbacks, this.contentPolicyFallbacks)) {
			more.forEach((node) -> node.forEachTarget(targets::add));
		}
		return targets.stream().distinct().toList();
	}

	/**
	 * Copies of requests for comparison; their answers are thrown away.
	 *
	 * @param percent of requests, 0 to 100
	 */
	public record Mirror(Target target, double percent) {

		public Mirror {
			if (!(percent >= 0 && percent <= 100)) {
				throw new IllegalArgumentException("percent must be between 0 and 100");
			}
		}

	}

}
