package dev.llmproxy.routing;

import java.util.List;

import dev.llmproxy.provider.Target;

/**
 * What a request would be served by, and why not by others.
 *
 * @param candidates in the order of trying, those that are skipped included
 */
public record Plan(Route route, List<Candidate> candidates) {

	public Plan {
		candidates = List.copyOf(candidates);
	}

	/** The targets to try, in this order. */
	public List<Target> targets() {
		return this.candidates.stream().filter(Candidate::eligible).map(Candidate::target).toList();
	}

}
