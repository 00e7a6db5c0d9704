package dev.llmproxy.cache;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.HeaderFields;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.Outcome;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.http.HttpHeaders;

/**
 * Answers from what is known already, and has those who ask the same at the same time
 * share one call. An answer is given only to the tenant that it was made for. Costs a
 * look at the policies where nothing is cached. Thread-safe.
 */
public final class CacheFilter implements LlmFilter {

	/** What the cache did. */
	public static final String HEADER = "llm-proxy-cache";

	/** What the answer is kept under. */
	public static final String KEY_HEADER = "llm-proxy-cache-key";

	/** How close the question is whose answer is given. */
	public static final String SIMILARITY_HEADER = "llm-proxy-cache-similarity";

	private final LocalAnswers local;

	private final SharedAnswers shared;

	private final Questions questions;

	private final Keeping keeping;

	private final LiveSnapshot live;

	private final CacheListener listener;

	private final @Nullable Semantics semantics;

	private final Map<Call.Place, Flight> flights = new ConcurrentHashMap<>();

	/**
	 * Creates one.
	 * @param settings what does not change at run time
	 * @param live where the {@link CachePolicies} are
	 * @param route tells apart what serves a request, but not what is up at the moment
	 * @param semantics finds questions of the same meaning; {@code null} for none
	 */
	public CacheFilter(CacheSettings settings, LocalAnswers local, SharedAnswers shared, LiveSnapshot live,
			Function<LlmRequest, String> route, Codecs codecs, MemoryBudget budget, CacheListener listener,
			@Nullable Semantics semantics) {
		this.local = local;
		this.shared = shared;
		this.live = live;
		this.listener = listener;
		this.semantics = semantics;
		this.questions = new Questions(route);
		this.keeping = new Keeping(settings, local, shared, codecs, budget, listener);
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		CachePolicies policies = this.live.get(request, CachePolicies.class);
		CachePolicy policy = policies.of(request.model());
		if (!policy.enabled() || !Questions.mayAsk(request) || !wanted(policy, request)) {
			return next.handle(request);
		}
		return Mono.deferContextual((context) -> answer(request, policies, next, Context.of(context)));
	}

	private boolean wanted(CachePolicy policy, LlmRequest request) {
		if (policy.flag() == null) {
			return true;
		}
		Flags flags = this.live.find(request, Flags.class);
		return flags != null && flags.on(policy.flag(), request);
	}

	private Mono<LlmResponse> answer(LlmRequest request, CachePolicies policies, LlmHandler next, Context context) {
		CachePolicy policy = policies.of(request.model());
		Question question = this.questions.of(request, policy.tenant(), policies.headers());
		LlmRequest asked = question.marked() ? CacheMember.removedFrom(request) : request;
		Directives directives = question.directives().and(request.hint(HttpHeaders.CACHE_CONTROL));
		CacheKey key = question.key();
		boolean cached = question.deterministic() || policy.nonDeterministic() || directives.wanted();
		if (key == null || directives.noStore() || !cached) {
			return bypass(asked, directives, next);
		}
		LocalAnswers.Found found = this.local.find(key, policy);
		LocalAnswers.Found stale = null;
		if (found != null && directives.takes(found.age())) {
			if (found.fresh() || staleWanted(found, directives)) {
				return known(key, found.answer(), found.age(), !found.fresh());
			}
			Call call = new Call(key, asked, policies, directives, next);
			if (found.within(policy.staleWhileRevalidate())) {
				refresh(call, context);
				return known(key, found.answer(), found.age(), true);
			}
			stale = found.within(policy.staleIfError()) ? found : null;
		}
		if (directives.onlyIfCached()) {
			return Mono.error(notCached());
		}
		Call call = new Call(key, asked, policies, directives, next);
		Mono<LlmResponse> answer = new Shared(call);
		if (stale != null) {
			LocalAnswers.Found fallback = stale;
			answer = answer.onErrorResume(LlmException.class, (failure) -> instead(failure)
					? known(key, fallback.answer(), fallback.age(), true) : Mono.error(failure));
		}
		return answer;
	}

	/** The caller takes it although its time is over. */
	private static boolean staleWanted(LocalAnswers.Found found, Directives directives) {
		Duration maxStale = directives.maxStale();
		return maxStale != null && found.within(maxStale);
	}

	/** Failures that come and go; what is wrong with the request stays wrong. */
	private static boolean instead(LlmException failure) {
		return failure.kind().retryable() || failure.kind() == ErrorKind.INTERNAL;
	}

	private Mono<LlmResponse> bypass(LlmRequest request, Directives directives, LlmHandler next) {
		if (directives.onlyIfCached()) {
			return Mono.error(notCached());
		}
		this.listener.answered(CacheOutcome.BYPASS, false);
		return next.handle(request).map((response) -> response.withHeaders(headers(response, CacheOutcome.BYPASS)));
	}

	/** RFC 9111, section 5.2.1.7. */
	private static LlmException notCached() {
		return LlmException.refusal(new LlmError(ErrorKind.TIMEOUT,
				"There is no answer in the cache, and 'only-if-cached' asks for no other.", "not_cached",
				"cache-control"), null);
	}

	private Mono<LlmResponse> known(CacheKey key, KeptAnswer answer, Duration age, boolean stale) {
		this.listener.answered(CacheOutcome.HIT, stale);
		return Mono.just(known(key, answer, age));
	}

	private static LlmResponse known(CacheKey key, KeptAnswer answer, Duration age) {
		LlmResponse response = answer.response();
		HttpHeaders headers = headers(response, CacheOutcome.HIT);
		headers.set(HttpHeaders.AGE, Long.toString(age.toSeconds()));
		headers.set(KEY_HEADER, key.toString());
		return response.withHeaders(headers);
	}

	private static HttpHeaders headers(LlmResponse response, CacheOutcome outcome) {
		HttpHeaders headers = HeaderFields.copy(response.headers());
		headers.set(HEADER, outcome.label());
		return headers;
	}

	/** Fetches a new answer, for which nobody waits. */
	private void refresh(Call call, Context context) {
		Call.Place place = call.place();
		Flight flight = new Flight(new Landing(call), true, context);
		if (this.flights.putIfAbsent(place, flight) == null) {
			flight.start(call(call));
		}
	}

	private Mono<Arrival> call(Call call) {
		Semantics known = call.policy().semantic() ? this.semantics : null;
		Mono<Arrival> missed = (known != null && !call.directives().noCache()) ? similar(call, known)
				: provider(call, null);
		return call.directives().noCache() ? missed
				: this.shared.find(call.key())
					.flatMap((kept) -> kept.filter((answer) -> wanted(answer, call))
						.map((answer) -> Mono.just(Arrival.of(answer)))
						.orElse(missed));
	}

	private static Mono<Arrival> provider(Call call, @Nullable Meaning meaning) {
		return Mono.defer(() -> call.next().handle(call.request())).map((response) -> Arrival.of(response, meaning));
	}

	private Mono<Arrival> similar(Call call, Semantics semantics) {
		return Mono
			.defer(() -> semantics.meaning(call.request(), call.tenant(),
					this.questions.asker(call.request(), call.policies(), call.directives().namespace())))
			.flatMap((found) -> {
				Meaning meaning = found.orElse(null);
				return (meaning == null) ? provider(call, null)
						: semantics.find(meaning, (answer) -> wanted(answer, call))
							.flatMap((similar) -> similar.map((known) -> given(call, known, semantics))
								.orElseGet(() -> provider(call, meaning)));
			});
	}

	private static Mono<Arrival> given(Call call, Semantics.Similar similar, Semantics semantics) {
		if (semantics.drawn()) {
			// Nobody waits for it.
			semantics.verify(similar.answer(), Mono.defer(() -> call.next().handle(call.request())))
				.onErrorComplete()
				.subscribe();
		}
		return Mono.just(Arrival.of(similar));
	}

	private boolean wanted(KeptAnswer answer, Call call) {
		Duration age = answer.age(this.keeping.now());
		return age.compareTo(answer.ttl()) < 0 && call.directives().takes(age);
	}

	/** What one caller gets of an answer that may be for many. */
	private LlmResponse share(Call call, Arrival arrival) {
		KeptAnswer known = arrival.known();
		if (known != null) {
			CacheOutcome outcome = arrival.similar() ? CacheOutcome.SEMANTIC : CacheOutcome.HIT;
			this.listener.answered(outcome, false);
			LlmResponse again = known(call.key(), known, known.age(this.keeping.now()));
			again.headers().set(HEADER, outcome.label());
			if (arrival.similar()) {
				again.headers().set(SIMILARITY_HEADER, String.format(Locale.ROOT, "%.4f", arrival.similarity()));
			}
			return again;
		}
		LlmResponse response = arrival.response();
		if (response == null) {
			throw new IllegalStateException("An arrival without an answer");
		}
		CacheOutcome outcome = arrival.first() ? CacheOutcome.MISS : CacheOutcome.COALESCED;
		this.listener.answered(outcome, false);
		HttpHeaders headers = headers(response, outcome);
		headers.set(KEY_HEADER, call.key().toString());
		if (arrival.first()) {
			return response.withHeaders(headers);
		}
		Outcome free = new Outcome();
		free.free(true);
		return new LlmResponse(response.status(), headers, response.body(), free);
	}

	@Override
	public int getOrder() {
		return FilterOrder.CACHE.order();
	}

	/** The answer to a call that others may be making. */
	private final class Shared extends Mono<LlmResponse> {

		private final Call call;

		Shared(Call call) {
			this.call = call;
		}

		@Override
		public void subscribe(CoreSubscriber<? super LlmResponse> actual) {
			CoreSubscriber<Arrival> passenger = new Sharing(CacheFilter.this, this.call, actual);
			while (true) {
				Flight known = CacheFilter.this.flights.get(this.call.place());
				if (known != null) {
					if (known.board(passenger, false)) {
						return;
					}
					CacheFilter.this.flights.remove(this.call.place(), known);
				}
				Landing landing = new Landing(this.call);
				Flight own = new Flight(landing, false, actual.currentContext());
				if (CacheFilter.this.flights.putIfAbsent(this.call.place(), own) == null) {
					own.board(passenger, true);
					own.start(again(this.call));
					return;
				}
			}
		}

		/** Somebody else's call may have ended since the cache was asked. */
		private Mono<Arrival> again(Call call) {
			KeptAnswer kept = call.directives().noCache() ? null : CacheFilter.this.local.peek(call.key());
			return (kept != null && wanted(kept, call)) ? Mono.just(Arrival.of(kept)) : call(call);
		}

	}

	/** Passes on to one caller what is for many. */
	private static final class Sharing implements CoreSubscriber<Arrival> {

		private final CacheFilter filter;

		private final Call call;

		private final CoreSubscriber<? super LlmResponse> actual;

		Sharing(CacheFilter filter, Call call, CoreSubscriber<? super LlmResponse> actual) {
			this.filter = filter;
			this.call = call;
			this.actual = actual;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.actual.onSubscribe(subscription);
		}

		@Override
		public void onNext(Arrival arrival) {
			this.actual.onNext(this.filter.share(this.call, arrival));
		}

		@Override
		public void onError(Throwable failure) {
			this.actual.onError(failure);
		}

		@Override
		public void onComplete() {
			this.actual.onComplete();
		}

	}

	/** Keeps what a call brought. */
	private final class Landing implements Flight.Crew {

		private final Call call;

		Landing(Call call) {
			this.call = call;
		}

		@Override
		public void landed(Arrival arrival) {
			learn(arrival, CacheFilter.this.keeping.keep(this.call, arrival));
		}

		@Override
		public <T> void landed(Arrival arrival, Recording<T> recording) {
			learn(arrival, CacheFilter.this.keeping.keep(this.call, arrival, recording.complete()));
		}

		private void learn(Arrival arrival, boolean kept) {
			Semantics semantics = CacheFilter.this.semantics;
			Meaning meaning = arrival.meaning();
			if (kept && semantics != null && meaning != null) {
				semantics.learn(meaning, this.call.key(), this.call.longest());
			}
		}

		@Override
		public void closed(Flight flight) {
			CacheFilter.this.flights.remove(this.call.place(), flight);
		}

		@Override
		public <T> Recording<T> recording(ToLongFunction<T> size) {
			return CacheFilter.this.keeping.recording(size);
		}

	}

}
