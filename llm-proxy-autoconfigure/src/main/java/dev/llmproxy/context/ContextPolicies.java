package dev.llmproxy.context;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The policies of one configuration.
 *
 * @param byRoute by the name of the route
 * @param others for all other names; {@code null} if nothing is done to them
 */
public record ContextPolicies(Map<String, ContextPolicy> byRoute, @Nullable ContextPolicy others) {

	/** Nothing is done to anything. */
	public static final ContextPolicies NONE = new ContextPolicies(Map.of(), null);

	public ContextPolicies {
		byRoute = Map.copyOf(byRoute);
	}

	/** The policy for a model, as callers name it. */
	@Nullable ContextPolicy of(String model) {
		ContextPolicy own = this.byRoute.get(model);
		return (own != null) ? own : this.others;
	}

}
