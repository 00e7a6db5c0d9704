package dev.llmproxy.gateway;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Watches one answer from its head to the end of its body, and is told of that end once:
 * a failure instead of a head, the end of the body, or that nobody waits any more. For
 * whoever has to give something back.
 */
public abstract class AnswerWatch {

	private static final AtomicIntegerFieldUpdater<AnswerWatch> TOLD = AtomicIntegerFieldUpdater
		.newUpdater(AnswerWatch.class, "told");

	private volatile int told;

	/**
	 * The answer begins; what it returns is what goes on to the caller, and has the same
	 * body.
	 */
	protected LlmResponse begun(LlmResponse response) {
		return response;
	}

	/** There is no answer. */
	protected abstract void failed(Throwable failure);

	/** Nobody waits any more; {@code null} if no answer had begun. */
	protected abstract void cancelled(@Nullable Outcome outcome);

	/** The answer ended, complete or not. */
	protected abstract void ended(Outcome outcome);

	/** The answer, watched; to be subscribed to once. */
	public final Mono<LlmResponse> over(Mono<LlmResponse> source) {
		return new Mono<>() {

			@Override
			public void subscribe(CoreSubscriber<? super LlmResponse> actual) {
				AnswerWatch.this.subscribe(source, actual);
			}

		};
	}

	/** The same for an operator: subscribes to the answer on behalf of somebody. */
	public final void subscribe(Mono<LlmResponse> source, CoreSubscriber<? super LlmResponse> actual) {
		source.subscribe(new Head(actual, this));
	}

	private boolean first() {
		return TOLD.compareAndSet(this, 0, 1);
	}

	private void tellFailed(Throwable failure) {
		if (first()) {
			failed(failure);
		}
	}

	private void tellCancelled(@Nullable Outcome outcome) {
		if (first()) {
			cancelled(outcome);
		}
	}

	private void tellEnded(Outcome outcome) {
		if (first()) {
			ended(outcome);
		}
	}

	private static final class Head implements CoreSubscriber<LlmResponse>, Subscription {

		private final CoreSubscriber<? super LlmResponse> actual;

		/**
		 * Kept, because the transport asks for it several times and the chain is long.
		 */
		private final Context context;

		private final AnswerWatch watch;

		private @Nullable Subscription upstream;

		private volatile boolean handedOver;

		Head(CoreSubscriber<? super LlmResponse> actual, AnswerWatch watch) {
			this.actual = actual;
			this.context = actual.currentContext();
			this.watch = watch;
		}

		@Override
		public Context currentContext() {
			return this.context;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (Operators.validate(this.upstream, subscription)) {
				this.upstream = subscription;
				this.actual.onSubscribe(this);
			}
		}

		@Override
		public void onNext(LlmResponse response) {
			LlmResponse begun = this.watch.begun(response);
			this.handedOver = true;
			this.actual.onNext(watched(begun));
		}

		private LlmResponse watched(LlmResponse response) {
			if (response.body() instanceof ResponseBody.Wire wire) {
				return response.withBody(new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
						new Watched<>(wire.content(), this.watch, response)));
			}
			if (response.body() instanceof ResponseBody.Events events) {
				return response.withBody(new ResponseBody.Events(new Watched<>(events.events(), this.watch, response)));
			}
			this.watch.tellEnded(response.outcome());
			return response;
		}

		@Override
		public void onError(Throwable failure) {
			if (!this.handedOver) {
				this.watch.tellFailed(failure);
			}
			this.actual.onError(failure);
		}

		@Override
		public void onComplete() {
			if (!this.handedOver) {
				// No head and no failure: nothing can be said.
				this.watch.tellCancelled(null);
			}
			this.actual.onComplete();
		}

		@Override
		public void request(long n) {
			if (this.upstream != null) {
				this.upstream.request(n);
			}
		}

		@Override
		public void cancel() {
			if (this.upstream != null) {
				this.upstream.cancel();
			}
			if (!this.handedOver) {
				this.watch.tellCancelled(null);
			}
		}

	}

	/** A body whose end is told. */
	private static final class Watched<T> extends Flux<T> {

		private final Flux<T> source;

		private final AnswerWatch watch;

		private final LlmResponse response;

		Watched(Flux<T> source, AnswerWatch watch, LlmResponse response) {
			this.source = source;
			this.watch = watch;
			this.response = response;
		}

		@Override
		public void subscribe(CoreSubscriber<? super T> actual) {
			this.source.subscribe(new Body<>(actual, this.watch, this.response));
		}

	}

	private static final class Body<T> implements CoreSubscriber<T>, Subscription {

		private final CoreSubscriber<? super T> actual;

		private final AnswerWatch watch;

		private final LlmResponse response;

		private @Nullable Subscription upstream;

		Body(CoreSubscriber<? super T> actual, AnswerWatch watch, LlmResponse response) {
			this.actual = actual;
			this.watch = watch;
			this.response = response;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (Operators.validate(this.upstream, subscription)) {
				this.upstream = subscription;
				this.actual.onSubscribe(this);
			}
		}

		@Override
		public void onNext(T next) {
			this.actual.onNext(next);
		}

		@Override
		public void onError(Throwable failure) {
			if (this.response.outcome().error() == null) {
				this.response.outcome().error(LlmException.known(failure).error());
			}
			this.watch.tellEnded(this.response.outcome());
			this.actual.onError(failure);
		}

		@Override
		public void onComplete() {
			this.watch.tellEnded(this.response.outcome());
			this.actual.onComplete();
		}

		@Override
		public void request(long n) {
			if (this.upstream != null) {
				this.upstream.request(n);
			}
		}

		@Override
		public void cancel() {
			if (this.upstream != null) {
				this.upstream.cancel();
			}
			this.watch.tellCancelled(this.response.outcome());
		}

	}

}
