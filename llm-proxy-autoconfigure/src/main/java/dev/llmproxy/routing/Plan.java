package dev.llmproxy.routing;

import java.util.ArrayList;
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
		if (this.candidates.size() == 1) {
			Candidate only = this.candidates.get(0);
			return only.eligible() ? List.of(only.target()) : List.of();
		}
		return eligible(this.candidates);
	}

	static List<Target> eligible(List<Candidate> candidates) {
		List<Target> targets = new ArrayList<>(candidates.size());
		for (Candidate candidate : candidates) {
			if (candidate.eligible()) {
				targets.add(candidate.target());
			}
		}
		return targets;
	}

}
