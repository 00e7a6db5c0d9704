package dev.llmproxy.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.llmproxy.gateway.LlmResponse;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One call for all who ask the same at the same time. Who asked first is no more than the
 * others: the call ends early only when nobody waits for it any more. Thread-safe.
 */
final class Flight {

	private final Crew crew;

	private final boolean unattended;

	private final List<Passenger> waiting = new ArrayList<>();

	private final Head head;

	private @Nullable Arrival arrival;

	private @Nullable Throwable failure;

	private @Nullable SharedBody<?, ?> body;

	private boolean closed;

	private boolean aborted;

	/**
	 * Creates one.
	 * @param unattended whether it goes on although nobody waits for it
	 * @param context of the one who asked first
	 */
	Flight(Crew crew, boolean unattended, Context context) {
		this.crew = crew;
		this.unattended = unattended;
		this.head = new Head(context);
	}

	Crew crew() {
		return this.crew;
	}

	/** Makes the call. */
	void start(Mono<Arrival> call) {
		call.subscribe(this.head);
	}

	/**
	 * Has somebody wait for the answer.
	 * @return whether there was still a place
	 */
	boolean board(CoreSubscriber<? super Arrival> subscriber, boolean first) {
		Passenger passenger = new Passenger(subscriber, first);
		Arrival ready;
		synchronized (this) {
			if (this.closed) {
				return false;
			}
			ready = this.arrival;
			if (ready == null) {
				this.waiting.add(passenger);
			}
			else {
				ready = admit(ready, first);
			}
		}
		subscriber.onSubscribe(passenger);
		passenger.ready();
		if (ready != null) {
			passenger.arrive(ready);
		}
		return true;
	}

	/** What one of them gets: with a body of its own, if that is on the move. */
	private Arrival admit(Arrival arrival, boolean first) {
		SharedBody<?, ?> moving = this.body;
		LlmResponse response = arrival.response();
		return (moving == null || response == null) ? arrival.to(first)
				: arrival.with(response.withBody(moving.reader())).to(first);
	}

	private void arrived(Arrival arrival) {
		List<Passenger> passengers;
		List<Arrival> arrivals = new ArrayList<>();
		LlmResponse response = arrival.response();
		SharedBody<?, ?> moving = (response != null) ? SharedBody.of(this, arrival, response) : null;
		if (moving == null) {
			this.crew.landed(arrival);
			close();
		}
		synchronized (this) {
			if (this.aborted) {
				passengers = List.of();
				if (moving != null) {
					moving.abandon();
				}
			}
			else {
				this.body = moving;
				this.arrival = arrival;
				passengers = List.copyOf(this.waiting);
				this.waiting.clear();
				passengers.forEach((passenger) -> arrivals.add(admit(arrival, passenger.first)));
			}
		}
		for (int i = 0; i < passengers.size(); i++) {
			passengers.get(i).arrive(arrivals.get(i));
		}
		if (moving != null) {
			moving.start();
		}
	}

	private void failed(Throwable failure) {
		close();
		List<Passenger> passengers;
		synchronized (this) {
			this.failure = failure;
			passengers = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		passengers.forEach((passenger) -> passenger.fail(failure));
	}

	/** Nobody comes aboard any more. */
	void close() {
		synchronized (this) {
			this.closed = true;
		}
		this.crew.closed(this);
	}

	/** Somebody waits, or reads, no more. */
	void left() {
		SharedBody<?, ?> moving;
		synchronized (this) {
			moving = this.body;
			boolean deserted = this.waiting.isEmpty() && ((moving != null) ? moving.deserted(this.unattended)
					: !this.unattended && this.arrival == null && this.failure == null);
			if (!deserted || this.aborted) {
				return;
			}
			this.aborted = true;
		}
		close();
		if (moving != null) {
			moving.abandon();
		}
		else {
			this.head.cancel();
		}
	}

	/** What is told of flights. */
	interface Crew {

		/** The answer is here, whole. */
		void landed(Arrival arrival);

		/** A streamed answer is here to its end. */
		<T> void landed(Arrival arrival, Recording<T> recording);

		/** Nobody comes aboard any more. */
		void closed(Flight flight);

		<T> Recording<T> recording(ToLongFunction<T> size);

	}

	/** Waits for the head on behalf of all. */
	private final class Head implements CoreSubscriber<Arrival> {

		private final Context context;

		private volatile @Nullable Subscription subscription;

		private volatile boolean cancelled;

		private boolean emitted;

		Head(Context context) {
			this.context = context;
		}

		@Override
		public Context currentContext() {
			return this.context;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.subscription = subscription;
			if (this.cancelled) {
				subscription.cancel();
			}
			else {
				subscription.request(Long.MAX_VALUE);
			}
		}

		@Override
		public void onNext(Arrival arrival) {
			this.emitted = true;
			arrived(arrival);
		}

		@Override
		public void onError(Throwable failure) {
			if (!this.emitted) {
				failed(failure);
			}
		}

		@Override
		public void onComplete() {
			if (!this.emitted) {
				failed(new IllegalStateException("No answer and no failure"));
			}
		}

		void cancel() {
			this.cancelled = true;
			Subscription known = this.subscription;
			if (known != null) {
				known.cancel();
			}
		}

	}

	/** Somebody who waits for the head. */
	private final class Passenger implements Subscription {

		private final CoreSubscriber<? super Arrival> subscriber;

		private final boolean first;

		private volatile boolean done;

		private boolean ready;

		/** What came before it was ready. */
		private @Nullable Runnable news;

		Passenger(CoreSubscriber<? super Arrival> subscriber, boolean first) {
			this.subscriber = subscriber;
			this.first = first;
		}

		/** It was told that it waits, and may be told more. */
		void ready() {
			Runnable early;
			synchronized (this) {
				this.ready = true;
				early = this.news;
			}
			if (early != null) {
				early.run();
			}
		}

		private boolean isReady(Runnable news) {
			synchronized (this) {
				if (!this.ready) {
					this.news = news;
				}
				return this.ready;
			}
		}

		void fail(Throwable failure) {
			if (isReady(() -> this.subscriber.onError(failure))) {
				this.subscriber.onError(failure);
			}
		}

		void arrive(Arrival arrival) {
			if (isReady(() -> give(arrival))) {
				give(arrival);
			}
		}

		private void give(Arrival arrival) {
			if (this.done) {
				LlmResponse response = arrival.response();
				if (response != null) {
					response.body().discard();
				}
				return;
			}
			this.done = true;
			this.subscriber.onNext(arrival);
			this.subscriber.onComplete();
		}

		@Override
		public void request(long n) {
			Operators.validate(n);
		}

		@Override
		public void cancel() {
			if (this.done) {
				return;
			}
			this.done = true;
			synchronized (Flight.this) {
				Flight.this.waiting.remove(this);
			}
			left();
		}

	}

}
