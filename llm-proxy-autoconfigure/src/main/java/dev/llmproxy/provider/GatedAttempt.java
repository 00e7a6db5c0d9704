package dev.llmproxy.provider;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * An attempt behind its gates. They are passed when somebody subscribes, and told of the
 * end once: a failure instead of a head, or the end of the body that came with it.
 */
final class GatedAttempt extends Mono<LlmResponse> {

	private final Attempt attempt;

	private final AttemptGate[] gates;

	private final AttemptHandler next;

	GatedAttempt(Attempt attempt, AttemptGate[] gates, AttemptHandler next) {
		this.attempt = attempt;
		this.gates = gates;
		this.next = next;
	}

	@Override
	public void subscribe(CoreSubscriber<? super LlmResponse> actual) {
		AttemptListener[] listeners = new AttemptListener[this.gates.length];
		int entered = 0;
		try {
			for (; entered < listeners.length; entered++) {
				listeners[entered] = this.gates[entered].enter(this.attempt);
			}
		}
		catch (RuntimeException ex) {
			AttemptEnd end = AttemptEnd.refused(this.attempt, known(ex));
			for (int i = 0; i < entered; i++) {
				listeners[i].ended(end);
			}
			Operators.error(actual, ex);
			return;
		}
		this.next.execute(this.attempt).subscribe(new Head(actual, new Ending(this.attempt, listeners)));
	}

	private static LlmException known(Throwable failure) {
		return (failure instanceof LlmException known) ? known : new LlmException(
				new LlmError(ErrorKind.INTERNAL, "The attempt failed unexpectedly.", "internal_error", null));
	}

	/** Tells all listeners, once. */
	private static final class Ending {

		private static final AtomicIntegerFieldUpdater<Ending> TOLD = AtomicIntegerFieldUpdater.newUpdater(Ending.class,
				"told");

		private final Attempt attempt;

		private final AttemptListener[] listeners;

		private volatile int told;

		Ending(Attempt attempt, AttemptListener[] listeners) {
			this.attempt = attempt;
			this.listeners = listeners;
		}

		void failed(Throwable failure) {
			tell(AttemptEnd.failed(this.attempt, known(failure)));
		}

		void cancelled(@Nullable Outcome outcome) {
			tell(AttemptEnd.cancelled(this.attempt, outcome));
		}

		void ended(Outcome outcome) {
			tell(AttemptEnd.of(this.attempt, outcome));
		}

		void head(LlmResponse response) {
			for (AttemptListener listener : this.listeners) {
				listener.head(response);
			}
		}

		private void tell(AttemptEnd end) {
			if (TOLD.compareAndSet(this, 0, 1)) {
				for (AttemptListener listener : this.listeners) {
					listener.ended(end);
				}
			}
		}

	}

	private static final class Head implements CoreSubscriber<LlmResponse>, Subscription {

		private final CoreSubscriber<? super LlmResponse> actual;

		/**
		 * Kept, because the transport asks for it several times and the chain is long.
		 */
		private final Context context;

		private final Ending ending;

		private @Nullable Subscription upstream;

		private volatile boolean handedOver;

		Head(CoreSubscriber<? super LlmResponse> actual, Ending ending) {
			this.actual = actual;
			this.context = actual.currentContext();
			this.ending = ending;
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
			this.ending.head(response);
			this.handedOver = true;
			this.actual.onNext(watched(response));
		}

		private LlmResponse watched(LlmResponse response) {
			if (response.body() instanceof ResponseBody.Wire wire) {
				return response.withBody(new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
						new Watched<>(wire.content(), this.ending, response)));
			}
			if (response.body() instanceof ResponseBody.Events events) {
				return response
					.withBody(new ResponseBody.Events(new Watched<>(events.events(), this.ending, response)));
			}
			this.ending.ended(response.outcome());
			return response;
		}

		@Override
		public void onError(Throwable failure) {
			if (!this.handedOver) {
				this.ending.failed(failure);
			}
			this.actual.onError(failure);
		}

		@Override
		public void onComplete() {
			if (!this.handedOver) {
				// No head and no failure: nothing can be said of the target.
				this.ending.cancelled(null);
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
				this.ending.cancelled(null);
			}
		}

	}

	/** A body whose end is told. */
	private static final class Watched<T> extends Flux<T> {

		private final Flux<T> source;

		private final Ending ending;

		private final LlmResponse response;

		Watched(Flux<T> source, Ending ending, LlmResponse response) {
			this.source = source;
			this.ending = ending;
			this.response = response;
		}

		@Override
		public void subscribe(CoreSubscriber<? super T> actual) {
			this.source.subscribe(new Body<>(actual, this.ending, this.response));
		}

	}

	private static final class Body<T> implements CoreSubscriber<T>, Subscription {

		private final CoreSubscriber<? super T> actual;

		private final Ending ending;

		private final LlmResponse response;

		private @Nullable Subscription upstream;

		Body(CoreSubscriber<? super T> actual, Ending ending, LlmResponse response) {
			this.actual = actual;
			this.ending = ending;
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
				this.response.outcome().error(known(failure).error());
			}
			this.ending.ended(this.response.outcome());
			this.actual.onError(failure);
		}

		@Override
		public void onComplete() {
			this.ending.ended(this.response.outcome());
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
			this.ending.cancelled(this.response.outcome());
		}

	}

}
