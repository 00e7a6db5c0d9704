package dev.llmproxy.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One call for all who ask the same at the same time. Who asked first is no more than the
 * others: the call ends early only when nobody waits for it any more. Thread-safe.
 */
final class Flight {

	/** Pieces that may be asked for ahead of the slowest reader of a long answer. */
	private static final int AHEAD = 32;

	private final Crew crew;

	private final boolean unattended;

	private final List<Passenger> waiting = new ArrayList<>();

	private final Head head;

	private @Nullable Arrival arrival;

	private @Nullable Throwable failure;

	private @Nullable Body<?, ?> body;

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
		Body<?, ?> moving = this.body;
		LlmResponse response = arrival.response();
		return (moving == null || response == null) ? arrival.to(first)
				: arrival.with(response.withBody(moving.reader())).to(first);
	}

	private void arrived(Arrival arrival) {
		List<Passenger> passengers;
		List<Arrival> arrivals = new ArrayList<>();
		LlmResponse response = arrival.response();
		Body<?, ?> moving = (response != null) ? Body.of(this, arrival, response) : null;
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
	private void close() {
		synchronized (this) {
			this.closed = true;
		}
		this.crew.closed(this);
	}

	/** Somebody waits, or reads, no more. */
	private void left() {
		Body<?, ?> moving;
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

	/** A body on the move: recorded once, and read by everybody. */
	static final class Body<S, T> implements CoreSubscriber<S>, Reader.Voyage {

		private final Set<Reader<?, ?>> readers = ConcurrentHashMap.newKeySet();

		private final Flight flight;

		private final Arrival arrival;

		private final Flux<S> source;

		private final Form<S, T> form;

		private final Recording<T> recording;

		private @Nullable Subscription subscription;

		private boolean abandoned;

		private int asked;

		private volatile boolean whole = true;

		private Body(Flight flight, Arrival arrival, Flux<S> source, Form<S, T> form) {
			this.flight = flight;
			this.arrival = arrival;
			this.source = source;
			this.form = form;
			this.recording = flight.crew.recording(form::size);
		}

		/** {@code null} if the body is there already. */
		static @Nullable Body<?, ?> of(Flight flight, Arrival arrival, LlmResponse response) {
			if (response.body() instanceof ResponseBody.Wire wire) {
				return new Body<>(flight, arrival, wire.content(), new Form.OfBytes(wire));
			}
			if (response.body() instanceof ResponseBody.Events events) {
				return new Body<>(flight, arrival, events.events(), new Form.OfEvents());
			}
			return null;
		}

		ResponseBody reader() {
			Reader<T, S> reader = new Reader<>(this.recording, this.form::give, this);
			this.readers.add(reader);
			return this.form.body(reader);
		}

		void start() {
			this.source.subscribe(this);
		}

		/** What is not kept is for its readers only. */
		boolean deserted(boolean unattended) {
			return this.readers.isEmpty() && !(unattended && this.whole);
		}

		void abandon() {
			Subscription known;
			synchronized (this) {
				this.abandoned = true;
				known = this.subscription;
			}
			if (known != null) {
				known.cancel();
			}
			this.recording.settle();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			synchronized (this) {
				this.subscription = subscription;
				if (!this.abandoned) {
					this.asked = AHEAD;
				}
			}
			if (this.asked == 0) {
				subscription.cancel();
			}
			else {
				subscription.request(AHEAD);
			}
		}

		@Override
		public void onNext(S next) {
			synchronized (this) {
				this.asked--;
			}
			if (!this.recording.add(this.form.take(next)) && this.whole) {
				this.whole = false;
				this.flight.close();
				this.flight.left();
			}
			this.readers.forEach(Reader::drain);
			ask();
		}

		@Override
		public void onError(Throwable failure) {
			end(failure);
		}

		@Override
		public void onComplete() {
			end(null);
		}

		private void end(@Nullable Throwable failure) {
			this.recording.end(failure);
			this.flight.crew.landed(this.arrival, this.recording);
			this.flight.close();
			this.readers.forEach(Reader::drain);
			settle();
		}

		@Override
		public void progressed() {
			if (!this.whole) {
				ask();
			}
		}

		/** Asks for more: what is kept from the beginning waits for nobody. */
		private void ask() {
			int slowest = this.recording.size();
			if (!this.whole) {
				for (Reader<?, ?> reader : this.readers) {
					slowest = Math.min(slowest, reader.position());
				}
				this.recording.forget(slowest);
			}
			int more;
			Subscription known;
			synchronized (this) {
				known = this.subscription;
				int room = AHEAD - (this.recording.size() - slowest) - this.asked;
				more = (room >= AHEAD / 4) ? room : 0;
				this.asked += more;
			}
			if (more > 0 && known != null) {
				known.request(more);
			}
		}

		@Override
		public void left(Reader<?, ?> reader) {
			this.readers.remove(reader);
			if (!this.recording.endedAt(this.recording.size())) {
				this.flight.left();
				progressed();
			}
			settle();
		}

		/** What was recorded is kept in memory as long as somebody reads it. */
		private void settle() {
			if (this.readers.isEmpty() && this.recording.endedAt(this.recording.size())) {
				this.recording.settle();
			}
		}

	}

}
