package dev.llmproxy.context;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.context.ContextPolicy.Budget;
import dev.llmproxy.context.ContextWindows.Window;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.HeaderFields;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.TokenCounters;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpHeaders;

/**
 * Does what the policy says with conversations that have become too long. A request whose
 * bytes show that it is short is neither decoded nor counted, and one that can't be
 * decoded is left to whoever has to. Thread-safe.
 */
public final class ContextFilter implements LlmFilter {

	/** The header that tells what was done. */
	public static final String HEADER = "llm-proxy-context";

	/** Counting more than that is too long for an event loop. */
	private static final int LARGE = 32 * 1024;

	private final CurrentPolicies policies;

	private final ContextWindows windows;

	private final TokenCounters counters;

	private final Summaries summaries;

	private final ContextListener listener;

	/**
	 * Creates the filter.
	 * @param live where the {@link ContextPolicies} are
	 */
	public ContextFilter(LiveSnapshot live, ContextWindows windows, TokenCounters counters, Summaries summaries,
			ContextListener listener) {
		this.policies = new CurrentPolicies(live);
		this.windows = windows;
		this.counters = counters;
		this.summaries = summaries;
		this.listener = listener;
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		if (request.operation() != Operation.CHAT) {
			return next.handle(request);
		}
		ContextPolicy policy = this.policies.of(request);
		if (policy == null || policy.strategy() == ContextStrategy.NONE) {
			return next.handle(request);
		}
		if (isShort(request, policy)) {
			return next.handle(request);
		}
		Mono<LlmResponse> answer = Mono.defer(() -> act(request, draft(request, policy), next));
		return (request.body().length <= LARGE) ? answer : answer.subscribeOn(Schedulers.boundedElastic());
	}

	/** Whether there is nothing to be done, which has to be found out cheaply. */
	private boolean isShort(LlmRequest request, ContextPolicy policy) {
		long window = (policy.maxTokens() > 0) ? 0 : this.windows.of(request).tokens();
		long asked = request.envelope().maxTokens();
		if (asked < 0 && (request.edited() || request.dialect().equals(Dialect.GEMINI))) {
			// It may be said deeper in the body.
			asked = window / 2;
		}
		Budget budget = policy.budget(window, asked);
		return !budget.known() || (!request.edited() && BodyGlance.isShort(request.body(), mark(policy, budget)));
	}

	/** From which on there may be something to do. */
	private static long mark(ContextPolicy policy, Budget budget) {
		SummaryPolicy summary = policy.summary();
		return (summary != null && summary.backgroundAt() > 0) ? (long) (budget.tokens() * summary.backgroundAt())
				: budget.trigger();
	}

	private @Nullable Draft draft(LlmRequest request, ContextPolicy policy) {
		ChatRequest chat;
		try {
			chat = request.chat();
		}
		catch (InvalidRequestException ex) {
			return null;
		}
		Window window = this.windows.of(request);
		Integer asked = chat.maxTokens();
		Budget budget = policy.budget(window.tokens(), (asked != null) ? asked : -1);
		return Draft.of(chat, policy, budget, this.counters.of(window.model()));
	}

	private Mono<LlmResponse> act(LlmRequest request, @Nullable Draft draft, LlmHandler next) {
		if (draft == null) {
			return next.handle(request);
		}
		prepare(request, draft);
		if (draft.fits()) {
			return next.handle(request);
		}
		ContextPolicy policy = draft.policy();
		if (draft.fitsWithoutMedia()) {
			return send(request, draft, draft.trimmed(), ContextAction.TRIMMED, next);
		}
		return switch (policy.strategy()) {
			case NONE -> next.handle(request);
			case REJECT -> reject(draft);
			case FALLBACK -> fallback(request, draft, next);
			case TRIM -> send(request, draft, draft.trimmed(), ContextAction.TRIMMED, next);
			case SUMMARISE -> summarise(request, draft, next);
		};
	}

	private Mono<LlmResponse> reject(Draft draft) {
		this.listener.done(ContextAction.REJECTED, draft.before(), 0);
		return Mono.error(ContextRefusals.of(draft));
	}

	private Mono<LlmResponse> fallback(LlmRequest request, Draft draft, LlmHandler next) {
		String model = draft.policy().fallback();
		if (model == null || model.equals(request.model())) {
			return next.handle(request);
		}
		return send(request, draft, draft.chat().withModel(model), ContextAction.FALLBACK, next);
	}

	private Mono<LlmResponse> summarise(LlmRequest request, Draft draft, LlmHandler next) {
		SummaryPolicy summary = draft.policy().summary();
		if (summary == null || draft.cut().removesNothing()) {
			return send(request, draft, draft.trimmed(), ContextAction.TRIMMED, next);
		}
		return this.summaries.of(request, draft.gone(), summary)
			.flatMap((result) -> (result instanceof Summaries.Result.Made made)
					? send(request, draft, draft.summarised(made.text()), ContextAction.SUMMARISED, next)
					: send(request, draft, draft.trimmed(), ContextAction.TRIMMED_INSTEAD, next));
	}

	/** Has the next summary made before it is needed. */
	private void prepare(LlmRequest request, Draft draft) {
		SummaryPolicy summary = draft.policy().summary();
		if (summary == null || summary.backgroundAt() == 0
				|| draft.cut().after() <= draft.budget().tokens() * summary.backgroundAt()) {
			return;
		}
		draft.soon().ifPresent((steps) -> this.summaries.prepare(request, steps, summary));
	}

	private Mono<LlmResponse> send(LlmRequest request, Draft draft, ChatRequest changed, ContextAction action,
			LlmHandler next) {
		if (action != ContextAction.FALLBACK && draft.cut().changesNothing()) {
			// All of it has to stay: the provider, or the route's fallbacks, decide.
			return next.handle(request);
		}
		long after = draft.after(changed);
		this.listener.done(action, draft.before(), after);
		String told = action.label() + "; before=" + draft.before() + "; after=" + after;
		return next.handle(request.withChat(changed)).map((response) -> told(response, told));
	}

	private static LlmResponse told(LlmResponse response, String what) {
		HttpHeaders headers = HeaderFields.copy(response.headers());
		headers.set(HEADER, what);
		return response.withHeaders(headers);
	}

	@Override
	public int getOrder() {
		return FilterOrder.CONTEXT.order();
	}

}
