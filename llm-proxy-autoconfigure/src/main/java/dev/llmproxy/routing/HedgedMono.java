package dev.llmproxy.routing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.llmproxy.gateway.LlmResponse;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Two attempts at one head: the second begins after a delay, if the first is still under
 * way then. The first head wins and the other attempt is cancelled. A failure of one
 * waits for the other; when both fail it is the first one's that is told. If the first
 * fails before the delay is over there is no second.
 */
final class HedgedMono extends Mono<LlmResponse> {

	private final Mono<LlmResponse> first;

	private final Duration delay;

	private final Supplier<@Nullable Mono<LlmResponse>> second;

	/**
	 * Creates one.
	 * @param second asked when the delay is over; gives {@code null} if there shall be no
	 * second attempt
	 */
	HedgedMono(Mono<LlmResponse> first, Duration delay, Supplier<@Nullable Mono<LlmResponse>> second) {
		this.first = first;
		this.delay = delay;
		this.second = second;
	}

	@Override
	public void subscribe(CoreSubscriber<? super LlmResponse> actual) {
		Mono.<LlmResponse>create((sink) -> new Race(sink, this.second).begin(this.first, this.delay))
			.doOnDiscard(LlmResponse.class, (late) -> late.body().discard())
			.subscribe(actual);
	}

	private static final class Race {

		private final MonoSink<LlmResponse> sink;

		private final Supplier<@Nullable Mono<LlmResponse>> second;

		private final Lane main = new Lane(this);

		private final Lane hedge = new Lane(this);

		private volatile @Nullable Disposable timer;

		// Guarded by this.

		private boolean over;

		private boolean hedging;

		private @Nullable Throwable mainFailure;

		private boolean hedgeFailed;

		Race(MonoSink<LlmResponse> sink, Supplier<@Nullable Mono<LlmResponse>> second) {
			this.sink = sink;
			this.second = second;
		}

		void begin(Mono<LlmResponse> first, Duration delay) {
			this.sink.onDispose(this::cancel);
			this.timer = Schedulers.parallel().schedule(this::hedge, delay.toNanos(), TimeUnit.NANOSECONDS);
			first.subscribe(this.main);
		}

		private void hedge() {
			synchronized (this) {
				if (this.over || this.mainFailure != null) {
					return;
				}
				this.hedging = true;
			}
			Mono<LlmResponse> other = this.second.get();
			if (other == null) {
				none();
			}
			else {
				other.subscribe(this.hedge);
			}
		}

		/** There is no second attempt after all. */
		private void none() {
			Throwable failure;
			synchronized (this) {
				this.hedging = false;
				failure = this.mainFailure;
				this.over = this.over || failure != null;
			}
			if (failure != null) {
				this.sink.error(failure);
			}
		}

		void head(Lane lane, LlmResponse response) {
			boolean won;
			synchronized (this) {
				won = !this.over;
				this.over = true;
			}
			if (won) {
				other(lane).cancel();
				this.sink.success(response);
			}
			else {
				response.body().discard();
			}
		}

		private Lane other(Lane lane) {
			return lane.equals(this.main) ? this.hedge : this.main;
		}

		void failed(Lane lane, Throwable failure) {
			Throwable told = null;
			synchronized (this) {
				if (this.over) {
					return;
				}
				if (lane.equals(this.main)) {
					this.mainFailure = failure;
				}
				else {
					this.hedgeFailed = true;
				}
				if (this.mainFailure != null && (!this.hedging || this.hedgeFailed)) {
					this.over = true;
					told = this.mainFailure;
				}
			}
			if (told != null) {
				this.sink.error(told);
			}
		}

		/** Also after the end, when it finds nothing to cancel but the timer. */
		private void cancel() {
			Disposable timer = this.timer;
			if (timer != null) {
				timer.dispose();
			}
			boolean leaving;
			synchronized (this) {
				leaving = !this.over;
				this.over = true;
			}
			if (leaving) {
				this.main.cancel();
				this.hedge.cancel();
			}
		}

	}

	/** One attempt of the two. */
	private static final class Lane implements CoreSubscriber<LlmResponse> {

		private static final Subscription CANCELLED = new Subscription() {

			@Override
			public void request(long n) {
				// Nothing is left to ask for.
			}

			@Override
			public void cancel() {
				// It is.
			}

		};

		private final Race race;

		private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();

		Lane(Race race) {
			this.race = race;
		}

		@Override
		public Context currentContext() {
			return Context.of(this.race.sink.contextView());
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (this.subscription.compareAndSet(null, subscription)) {
				subscription.request(Long.MAX_VALUE);
			}
			else {
				subscription.cancel();
			}
		}

		@Override
		public void onNext(LlmResponse response) {
			this.race.head(this, response);
		}

		@Override
		public void onError(Throwable failure) {
			this.race.failed(this, failure);
		}

		@Override
		public void onComplete() {
			// The head came before, or the attempt failed.
		}

		void cancel() {
			Subscription known = this.subscription.getAndSet(CANCELLED);
			if (known != null) {
				known.cancel();
			}
		}

	}

}
