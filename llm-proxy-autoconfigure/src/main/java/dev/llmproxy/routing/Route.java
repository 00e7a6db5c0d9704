package dev.llmproxy.routing;

import java.util.List;

import dev.llmproxy.provider.Target;

/**
 * The targets that may serve a request, in the order of trying.
 *
 * @param targets at least one
 */
public record Route(List<Target> targets) {

	public Route {
		targets = List.copyOf(targets);
		if (targets.isEmpty()) {
			throw new IllegalArgumentException("A route needs a target");
		}
	}

}
