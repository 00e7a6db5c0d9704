package dev.llmproxy.plugin;

import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One call on its way through a plugin's filter. The clock runs while the plugin has the
 * request, stands while the provider has it, and runs again until the plugin has passed
 * the answer on.
 */
final class Passage {

	private final LlmFilter filter;

	private final Guard guard;

	private final LlmRequest request;

	private final LlmHandler next;

	private final Turn turn = new Turn(1);

	private volatile boolean called;

	/** What others failed with, which is no failure of the plugin's. */
	private volatile @Nullable Throwable failure;

	private volatile @Nullable LlmResponse answer;

	private volatile @Nullable GuardedBody given;

	Passage(LlmFilter filter, Guard guard, LlmRequest request, LlmHandler next) {
		this.filter = filter;
		this.guard = guard;
		this.request = request;
		this.next = next;
	}

	Mono<LlmResponse> run() {
		return Mono.defer(this::filtered)
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("The filter gave no answer")))
			.subscribeOn(this.guard.scheduler())
			.takeUntilOther(this.turn.overdue(this.guard.settings().deadline()))
			.map(this::passed)
			.onErrorResume(this::failed)
			.doOnDiscard(LlmResponse.class, (response) -> response.body().discard());
	}

	/** To Reactor a class that is missing is the end of the JVM, and not of a plugin. */
	private Mono<LlmResponse> filtered() {
		try {
			return this.filter.filter(this.request, this::call);
		}
		catch (LinkageError ex) {
			return Mono.error(new IllegalStateException(ex));
		}
	}

	/** What the plugin takes for the rest of the chain. */
	private Mono<LlmResponse> call(LlmRequest request) {
		return Mono.defer(() -> {
			this.called = true;
			this.turn.end();
			return this.next.handle(request);
		}).doOnError((failure) -> {
			this.failure = failure;
			this.turn.begin();
		}).map(this::given);
	}

	private LlmResponse given(LlmResponse response) {
		GuardedBody body = new GuardedBody(this.guard, response);
		this.answer = response;
		this.given = body;
		this.turn.begin();
		return response.withBody(body.forPlugin());
	}

	/** What comes back; an answer that the plugin did not touch goes on as it came. */
	private LlmResponse passed(LlmResponse response) {
		GuardedBody body = this.given;
		if (body == null) {
			return response.withBody(GuardedBody.ofPlugin(this.guard, response));
		}
		return response.withBody(body.passed(response));
	}

	@SuppressWarnings("ReferenceEquality") // the very failure
	private Mono<LlmResponse> failed(Throwable thrown) {
		if (thrown instanceof LlmException || thrown instanceof InvalidRequestException || thrown == this.failure) {
			// A refusal, or what others failed with.
			return Mono.error(thrown);
		}
		LlmException told = this.guard.failure(thrown);
		LlmResponse known = this.answer;
		GuardedBody body = this.given;
		if (this.guard.settings().onError() == PluginSettings.OnError.SKIP) {
			Throwable others = this.failure;
			if (!this.called) {
				return this.next.handle(this.request);
			}
			if (known != null && body != null && body.take()) {
				return Mono.just(known);
			}
			if (known == null && others != null) {
				return Mono.error(others);
			}
		}
		if (body != null) {
			body.drop();
		}
		return Mono.error(told);
	}

	/** Whether a body comes bit by bit. */
	static boolean streams(ResponseBody body) {
		return body instanceof ResponseBody.Wire || body instanceof ResponseBody.Events;
	}

}
