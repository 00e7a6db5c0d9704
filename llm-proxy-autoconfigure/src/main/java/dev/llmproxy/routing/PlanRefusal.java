package dev.llmproxy.routing;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.provider.Unavailability;

/** Says why no target of a plan is tried. */
final class PlanRefusal {

	private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

	private PlanRefusal() {
	}

	static LlmException of(Plan plan) {
		List<Unavailability> unavailable = plan.candidates()
			.stream()
			.map(Candidate::unavailable)
			.filter(Objects::nonNull)
			.toList();
		return unavailable.isEmpty() ? unsuited(plan) : unavailable(plan, unavailable);
	}

	private static LlmException unavailable(Plan plan, List<Unavailability> reasons) {
		Duration wait = reasons.stream()
			.map(Unavailability::retryAfter)
			.filter(Objects::nonNull)
			.min(Duration::compareTo)
			.orElse(SHORT_WAIT);
		boolean limited = reasons.stream().allMatch((reason) -> Unavailability.QUOTAS.contains(reason.reason()));
		return LlmException.refusal(new LlmError(limited ? ErrorKind.RATE_LIMIT : ErrorKind.OVERLOADED,
				"No target of '" + plan.route().name() + "' can be called at the moment: "
						+ reasons.stream().map(Unavailability::detail).distinct().collect(Collectors.joining("; "))
						+ ". Try again later.",
				"no_target_available", "model"), wait);
	}

	private static LlmException unsuited(Plan plan) {
		List<Candidate> candidates = plan.candidates();
		if (candidates.isEmpty()) {
			return new LlmException(new LlmError(ErrorKind.INVALID_REQUEST,
					"The conditions of route '" + plan.route().name() + "' leave no target for this request.",
					"no_target_matches", "model"));
		}
		List<Unavailability> reasons = candidates.stream().map(Candidate::unsuited).filter(Objects::nonNull).toList();
		boolean tooLong = reasons.stream().allMatch((reason) -> reason.reason().equals("context_window"));
		return new LlmException(new LlmError(tooLong ? ErrorKind.CONTEXT_LENGTH : ErrorKind.INVALID_REQUEST,
				"No target of '" + plan.route().name() + "' can take this request: "
						+ candidates.stream()
							.filter((candidate) -> candidate.unsuited() != null)
							.map((candidate) -> candidate.target().id() + " "
									+ Objects.requireNonNull(candidate.unsuited()).detail())
							.collect(Collectors.joining("; "))
						+ ". Choose another model.",
				tooLong ? "context_length_exceeded" : reasons.get(0).reason(), "model"));
	}

}
