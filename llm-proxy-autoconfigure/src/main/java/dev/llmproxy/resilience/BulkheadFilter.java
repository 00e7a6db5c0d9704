package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptHandler;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.AttemptOrder;
import dev.llmproxy.provider.TargetRegistry;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * Lets a target have no more calls at once than it can take. Whoever comes too many waits
 * in a short line; when that is full, or the wait too long, the attempt is refused at
 * once and another target may be tried. A turn lasts until the answer's last byte.
 * Thread-safe.
 */
public final class BulkheadFilter implements AttemptFilter {

	private final BulkheadSettings settings;

	private final TargetRegistry<Bulkhead> bulkheads;

	public BulkheadFilter(BulkheadSettings settings) {
		this.settings = settings;
		this.bulkheads = new TargetRegistry<>((target) -> new Bulkhead(target, settings));
	}

	/** The bulkheads that were needed so far, by target; a live view. */
	public Map<String, Bulkhead> all() {
		return this.bulkheads.all();
	}

	@Override
	public Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next) {
		Bulkhead bulkhead = this.bulkheads.of(attempt.target());
		return Mono.defer(() -> bulkhead.tryAcquire() ? admitted(attempt, next, bulkhead)
				: turn(bulkhead).flatMap((turn) -> turn.use() ? admitted(attempt, next, bulkhead) : Mono.empty()));
	}

	private static Mono<LlmResponse> admitted(Attempt attempt, AttemptHandler next, Bulkhead bulkhead) {
		return AttemptGates.of(new Turn(bulkhead)).filter(attempt, next);
	}

	/** Emits when it is this attempt's turn. */
	private Mono<Waiting> turn(Bulkhead bulkhead) {
		return Mono.create((sink) -> {
			Waiting waiting = new Waiting(bulkhead, sink);
			if (!bulkhead.enqueue(waiting)) {
				sink.error(refusal());
				return;
			}
			waiting.limit(this.settings.maxWait());
			sink.onDispose(waiting::over);
		});
	}

	private LlmException refusal() {
		return LlmException.refusal(new LlmError(ErrorKind.OVERLOADED,
				"The target has as many calls as it can take. Try again later.", "bulkhead_full", null),
				Duration.ofSeconds(1));
	}

	@Override
	public int getOrder() {
		return AttemptOrder.BULKHEAD.order();
	}

	/** Stands in line for one attempt. */
	private final class Waiting implements Bulkhead.Waiter {

		private static final int WAITS = 0;

		private static final int TAKEN = 1;

		private static final int USED = 2;

		private static final int GONE = 3;

		private final Bulkhead bulkhead;

		private final MonoSink<Waiting> sink;

		private final AtomicInteger state = new AtomicInteger(WAITS);

		private volatile Disposable timer = () -> {
		};

		Waiting(Bulkhead bulkhead, MonoSink<Waiting> sink) {
			this.bulkhead = bulkhead;
			this.sink = sink;
		}

		void limit(Duration wait) {
			this.timer = Schedulers.parallel().schedule(this::giveUp, wait.toNanos(), TimeUnit.NANOSECONDS);
			if (this.state.get() != WAITS) {
				this.timer.dispose();
			}
		}

		private void giveUp() {
			if (this.bulkhead.leave(this) && this.state.compareAndSet(WAITS, GONE)) {
				this.sink.error(refusal());
			}
		}

		@Override
		public void granted() {
			this.timer.dispose();
			if (this.state.compareAndSet(WAITS, TAKEN)) {
				this.sink.success(this);
			}
			else {
				this.bulkhead.release();
			}
		}

		/** Whether the turn is still there to be used. */
		boolean use() {
			return this.state.compareAndSet(TAKEN, USED);
		}

		/** The attempt is under way, refused, or nobody waits for it any more. */
		void over() {
			this.timer.dispose();
			if (this.state.compareAndSet(WAITS, GONE)) {
				this.bulkhead.leave(this);
			}
			else if (this.state.compareAndSet(TAKEN, GONE)) {
				// Granted to somebody who had just left.
				this.bulkhead.release();
			}
		}

	}

	/** A turn that was granted, given back when the attempt ends. */
	private static final class Turn implements AttemptGate, AttemptListener {

		private final Bulkhead bulkhead;

		private long start;

		private volatile long headNanos = -1;

		Turn(Bulkhead bulkhead) {
			this.bulkhead = bulkhead;
		}

		@Override
		public AttemptListener enter(Attempt attempt) {
			this.start = System.nanoTime();
			return this;
		}

		@Override
		public void head(LlmResponse response) {
			this.headNanos = System.nanoTime() - this.start;
		}

		@Override
		public void ended(AttemptEnd end) {
			LlmException failure = end.failure();
			boolean overloaded = failure != null && !failure.ownRefusal() && isOverload(failure.kind());
			if (overloaded || this.headNanos >= 0) {
				this.bulkhead.release(this.start,
						(this.headNanos >= 0) ? this.headNanos : System.nanoTime() - this.start, overloaded);
			}
			else {
				this.bulkhead.release();
			}
		}

		private static boolean isOverload(ErrorKind kind) {
			return kind == ErrorKind.RATE_LIMIT || kind == ErrorKind.OVERLOADED || kind == ErrorKind.TIMEOUT;
		}

	}

}
