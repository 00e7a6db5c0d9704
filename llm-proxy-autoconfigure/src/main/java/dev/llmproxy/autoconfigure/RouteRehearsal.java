package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.routing.Candidate;
import dev.llmproxy.routing.Route;
import dev.llmproxy.routing.RoutePlanner;
import org.jspecify.annotations.Nullable;

/**
 * What would be done with a request, for a person to read; nothing of the request itself
 * is in it.
 *
 * @param candidates in the order of trying, those that are skipped with the reason
 * @param ifTooLong the same for when the prompt is too long for them
 * @param ifRefused the same for when a policy refuses the prompt
 * @param mirror who would get a copy, if drawn
 * @param refusal what the caller would be told, if nothing can be tried
 */
record RouteRehearsal(String route, List<Step> candidates, List<Step> ifTooLong, List<Step> ifRefused,
		@Nullable String mirror, @Nullable Refusal refusal) {

	static RouteRehearsal of(RoutePlanner.Rehearsal rehearsal) {
		Route.Mirror mirror = rehearsal.plan().route().mirror();
		return new RouteRehearsal(rehearsal.plan().route().name(), steps(rehearsal.plan().candidates()),
				steps(rehearsal.tooLong()), steps(rehearsal.refused()), (mirror != null) ? mirror.target().id() : null,
				Refusal.of(rehearsal.refusal()));
	}

	private static List<Step> steps(List<Candidate> candidates) {
		return candidates.stream().map(Step::of).toList();
	}

	/**
	 * A candidate.
	 *
	 * @param unsuited why it can't take this request
	 * @param unavailable why it is not called now
	 */
	record Step(String target, String provider, String model, boolean tried, RouteDescription.@Nullable Reason unsuited,
			RouteDescription.@Nullable Reason unavailable) {

		static Step of(Candidate candidate) {
			return new Step(candidate.target().id(), candidate.target().provider().name(), candidate.target().model(),
					candidate.eligible(), RouteDescription.Reason.of(candidate.unsuited()),
					RouteDescription.Reason.of(candidate.unavailable()));
		}

	}

	/** An error as the caller would see it. */
	record Refusal(int status, @Nullable String code, String message) {

		static @Nullable Refusal of(@Nullable LlmException refusal) {
			return (refusal != null) ? new Refusal(refusal.status(), refusal.error().code(), refusal.error().message())
					: null;
		}

	}

}
