package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptHandler;
import dev.llmproxy.provider.Target;
import reactor.core.publisher.Mono;

/**
 * The end of the chain: tries the targets of a route in their order. Only the head is
 * tried again; once it was emitted the answer is committed. When all fail the first
 * failure is told, because it is the one about the target that was asked for.
 */
public final class FailoverHandler implements LlmHandler {

	private final Router router;

	private final AttemptHandler attempts;

	public FailoverHandler(Router router, List<AttemptFilter> filters) {
		this.router = router;
		this.attempts = fold(filters);
	}

	private static AttemptHandler fold(List<AttemptFilter> filters) {
		List<AttemptFilter> innermostFirst = new ArrayList<>(filters);
		innermostFirst.sort(Comparator.comparingInt(AttemptFilter::getOrder).reversed());
		AttemptHandler handler = (attempt) -> attempt.target().provider().execute(attempt);
		for (AttemptFilter filter : innermostFirst) {
			AttemptHandler next = handler;
			handler = (attempt) -> filter.filter(attempt, next);
		}
		return handler;
	}

	@Override
	public Mono<LlmResponse> handle(LlmRequest request) {
		List<Target> targets;
		try {
			targets = this.router.route(request).targets();
		}
		catch (LlmException ex) {
			return Mono.error(ex);
		}
		Mono<LlmResponse> first = attempt(request, targets, 0);
		return (targets.size() == 1) ? first : first.onErrorResume(LlmException.class,
				(failure) -> failure.kind().retryable() ? next(request, targets, 1, failure) : Mono.error(failure));
	}

	private Mono<LlmResponse> next(LlmRequest request, List<Target> targets, int index, LlmException original) {
		if (index == targets.size()) {
			return Mono.error(original);
		}
		return attempt(request, targets, index).onErrorResume(LlmException.class,
				(failure) -> next(request, targets, index + 1, original));
	}

	private Mono<LlmResponse> attempt(LlmRequest request, List<Target> targets, int index) {
		return this.attempts.execute(new Attempt(request, targets.get(index), index + 1));
	}

}
