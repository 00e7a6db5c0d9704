package dev.llmproxy.cache;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * Reads a recording from its beginning, as fast as one caller takes it. Emits on
 * whichever thread brought the next piece or asked for it, one at a time.
 */
final class Reader<T, R> extends Flux<R> implements Subscription {

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<Reader> WORK = AtomicIntegerFieldUpdater.newUpdater(Reader.class,
			"work");

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<Reader> SUBSCRIBED = AtomicIntegerFieldUpdater
		.newUpdater(Reader.class, "subscribed");

	@SuppressWarnings("rawtypes")
	private static final AtomicLongFieldUpdater<Reader> REQUESTED = AtomicLongFieldUpdater.newUpdater(Reader.class,
			"requested");

	private final Recording<T> recording;

	private final Function<T, R> form;

	private final Voyage voyage;

	private volatile int subscribed;

	private volatile int work;

	private volatile long requested;

	private volatile boolean over;

	private volatile int position;

	private volatile @Nullable CoreSubscriber<? super R> actual;

	/**
	 * Creates one.
	 * @param form gives each piece the form that it is emitted in
	 * @param voyage is told how far it got
	 */
	Reader(Recording<T> recording, Function<T, R> form, Voyage voyage) {
		this.recording = recording;
		this.form = form;
		this.voyage = voyage;
	}

	int position() {
		return this.position;
	}

	@Override
	public void subscribe(CoreSubscriber<? super R> actual) {
		if (!SUBSCRIBED.compareAndSet(this, 0, 1)) {
			Operators.error(actual, new IllegalStateException("The answer can be read once"));
			return;
		}
		actual.onSubscribe(this);
		// Nothing may be emitted before that.
		this.actual = actual;
		drain();
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n)) {
			Operators.addCap(REQUESTED, this, n);
			drain();
		}
	}

	@Override
	public void cancel() {
		if (!this.over) {
			this.over = true;
			this.voyage.left(this);
		}
	}

	void drain() {
		CoreSubscriber<? super R> subscriber = this.actual;
		if (subscriber == null || WORK.getAndIncrement(this) != 0) {
			return;
		}
		int missed = 1;
		do {
			emit(subscriber);
			missed = WORK.addAndGet(this, -missed);
		}
		while (missed != 0);
	}

	private void emit(CoreSubscriber<? super R> subscriber) {
		int before = this.position;
		int next = before;
		while (!this.over && this.requested > 0) {
			T item = this.recording.item(next);
			if (item == null) {
				break;
			}
			this.position = ++next;
			if (this.requested != Long.MAX_VALUE) {
				REQUESTED.decrementAndGet(this);
			}
			subscriber.onNext(this.form.apply(item));
		}
		if (!this.over && this.recording.endedAt(next)) {
			this.over = true;
			this.voyage.left(this);
			Throwable failure = this.recording.failure();
			if (failure != null) {
				subscriber.onError(failure);
			}
			else {
				subscriber.onComplete();
			}
		}
		else if (next != before) {
			this.voyage.progressed();
		}
	}

	/** What readers are aboard of. */
	interface Voyage {

		/** Somebody read on. */
		void progressed();

		/** Somebody reads no more. */
		void left(Reader<?, ?> reader);

	}

}
