package dev.llmproxy.gateway;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.NestedExceptionUtils;

/**
 * Whether a store that nodes share answers. After a few silences in a row, or one error,
 * nobody asks it any more until a probe was answered: a frozen one would cost every call
 * the whole deadline. Each change is logged once. Thread-safe.
 */
public final class StoreLink {

	private static final Duration LONGEST_PROBE = Duration.ofSeconds(5);

	/** A pause of one collection is not an outage. */
	private static final int SILENCES = 3;

	private final AtomicInteger silences = new AtomicInteger();

	private final Log logger;

	private final String name;

	private final Duration deadline;

	private final String meanwhile;

	private volatile boolean up;

	/** Whether anything was said of its state yet. */
	private volatile boolean told;

	/**
	 * Creates one, which is down.
	 * @param name of the store, for the log
	 * @param deadline of each question, for the log
	 * @param meanwhile what is done while it is down, for the log
	 */
	public StoreLink(Log logger, String name, Duration deadline, String meanwhile) {
		this.logger = logger;
		this.name = name;
		this.deadline = deadline;
		this.meanwhile = meanwhile;
	}

	public boolean up() {
		return this.up;
	}

	public void answered() {
		if (this.silences.get() != 0) {
			this.silences.set(0);
		}
	}

	/** A question was not answered in time. */
	public void silent() {
		if (this.silences.incrementAndGet() >= SILENCES) {
			down("did not answer within " + this.deadline.toMillis() + " ms");
		}
	}

	public void failed(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		String message = cause.getMessage();
		down("failed: " + ((message != null) ? message : cause.getClass().getSimpleName()));
	}

	/**
	 * Asks whether it answers. To connect may block, which is why nobody else asks before
	 * this was answered. An answer that comes late shows that it is too slow, or was.
	 * @param question emits one value
	 * @param now what is done from now on, for the log
	 * @return ends when it is known; never fails
	 */
	public <T> Mono<Void> probe(Supplier<Mono<T>> question, Function<T, String> now) {
		// Materialized, so that a failure after the timeout is nobody's.
		return Mono.defer(question)
			.materialize()
			.subscribeOn(Schedulers.boundedElastic())
			.timeout(LONGEST_PROBE)
			.<T>dematerialize()
			.elapsed()
			.doOnNext((answer) -> {
				String known = now.apply(answer.getT2());
				if (answer.getT1() <= this.deadline.toMillis()) {
					probed(known);
				}
			})
			.doOnError(this::failed)
			.onErrorComplete()
			.then();
	}

	/**
	 * Probes whenever it does not answer, as long as somebody subscribes.
	 * @param interval of looking
	 * @param also tells of further ticks, counted from 0, to probe at although it answers
	 * @param probe by {@link #probe}
	 */
	public Flux<Void> watch(Duration interval, LongPredicate also, Supplier<Mono<Void>> probe) {
		return Flux.interval(interval, Schedulers.parallel())
			.onBackpressureDrop()
			.filter((tick) -> !this.up || also.test(tick))
			.concatMap((tick) -> probe.get(), 1);
	}

	/** Probes whenever it does not answer, and only then. */
	public Flux<Void> watch(Duration interval, Supplier<Mono<Void>> probe) {
		return watch(interval, (tick) -> false, probe);
	}

	/**
	 * Probes for the first time, and once more if it does not answer: the first has to
	 * connect, and may be late for that.
	 */
	public Mono<Void> begin(Supplier<Mono<Void>> probe) {
		return probe.get().then(Mono.defer(() -> this.up ? Mono.empty() : probe.get()));
	}

	private void probed(String now) {
		this.silences.set(0);
		boolean before;
		synchronized (this) {
			before = this.up || !this.told;
			this.up = true;
			this.told = true;
		}
		if (!before) {
			this.logger.info(this.name + " answers again: " + now);
		}
	}

	private void down(String reason) {
		boolean before;
		synchronized (this) {
			before = !this.up && this.told;
			this.up = false;
			this.told = true;
		}
		if (!before) {
			this.logger.warn(this.name + " " + reason + ". Until it answers again " + this.meanwhile);
		}
	}

}
