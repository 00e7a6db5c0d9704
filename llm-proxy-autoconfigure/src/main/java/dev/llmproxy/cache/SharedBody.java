package dev.llmproxy.cache;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * The body of a flight's answer, on the move: recorded once, and read by everybody, each
 * at its own pace. What is kept from the beginning waits for nobody; what has become too
 * long for that is paced by its slowest reader. Thread-safe.
 */
final class SharedBody<S, T> implements CoreSubscriber<S>, Reader.Voyage {

	/** Pieces that may be asked for ahead of the slowest reader of a long answer. */
	private static final int AHEAD = 32;

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

	private SharedBody(Flight flight, Arrival arrival, Flux<S> source, Form<S, T> form) {
		this.flight = flight;
		this.arrival = arrival;
		this.source = source;
		this.form = form;
		this.recording = flight.crew().recording(form::size);
	}

	/** {@code null} if the body is there already. */
	static @Nullable SharedBody<?, ?> of(Flight flight, Arrival arrival, LlmResponse response) {
		if (response.body() instanceof ResponseBody.Wire wire) {
			return new SharedBody<>(flight, arrival, wire.content(), new Form.OfBytes(wire));
		}
		if (response.body() instanceof ResponseBody.Events events) {
			return new SharedBody<>(flight, arrival, events.events(), new Form.OfEvents());
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
		this.flight.crew().landed(this.arrival, this.recording);
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
