package dev.llmproxy.resilience;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.AIMDLimit;
import com.netflix.concurrency.limits.limit.FixedLimit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import dev.llmproxy.provider.Target;

/**
 * The calls that one target gets at once, and those that wait for their turn, first come
 * first served. Thread-safe; nothing waits inside.
 */
public final class Bulkhead {

	private final Limit limit;

	private final int queueLimit;

	private final Deque<Waiter> waiting = new ArrayDeque<>();

	private int inFlight;

	Bulkhead(Target target, BulkheadSettings settings) {
		int granted = target.deployment().limits().concurrency();
		this.limit = (granted > 0) ? FixedLimit.of(granted) : limit(settings);
		this.queueLimit = settings.queue();
	}

	private static Limit limit(BulkheadSettings settings) {
		return switch (settings.algorithm()) {
			case FIXED -> FixedLimit.of(settings.initial());
			case AIMD -> AIMDLimit.newBuilder()
				.initialLimit(settings.initial())
				.minLimit(settings.min())
				.maxLimit(settings.max())
				.backoffRatio(0.9)
				// Only what the target says is overload; answers may take long.
				.timeout(1, TimeUnit.DAYS)
				.build();
			case GRADIENT -> Gradient2Limit.newBuilder()
				.initialLimit(settings.initial())
				.minLimit(settings.min())
				.maxConcurrency(settings.max())
				.build();
		};
	}

	/**
	 * Asks for a turn.
	 * @return whether it is granted at once
	 */
	synchronized boolean tryAcquire() {
		if (this.inFlight < this.limit.getLimit() && this.waiting.isEmpty()) {
			this.inFlight++;
			return true;
		}
		return false;
	}

	/**
	 * Stands in line.
	 * @return whether there is room in the line, or even a turn at once, which the waiter
	 * hears of
	 */
	boolean enqueue(Waiter waiter) {
		synchronized (this) {
			if (this.inFlight >= this.limit.getLimit() || !this.waiting.isEmpty()) {
				return this.waiting.size() < this.queueLimit && this.waiting.add(waiter);
			}
			this.inFlight++;
		}
		waiter.granted();
		return true;
	}

	/** Leaves the line; {@code false} if the turn was granted already. */
	synchronized boolean leave(Waiter waiter) {
		return this.waiting.remove(waiter);
	}

	/** Gives a turn back, whose call says nothing of what the target can take. */
	void release() {
		grant();
	}

	/**
	 * Gives a turn back.
	 * @param start of the call, by {@link System#nanoTime()}
	 * @param headNanos until its answer began or it failed
	 * @param overloaded whether the target had too much to do
	 */
	void release(long start, long headNanos, boolean overloaded) {
		int inFlight;
		synchronized (this) {
			inFlight = this.inFlight;
		}
		this.limit.onSample(start, Math.max(1, headNanos), inFlight, overloaded);
		grant();
	}

	private void grant() {
		for (boolean first = true;; first = false) {
			Waiter next;
			synchronized (this) {
				if (first) {
					this.inFlight--;
				}
				if (this.waiting.isEmpty() || this.inFlight >= this.limit.getLimit()) {
					return;
				}
				next = this.waiting.removeFirst();
				this.inFlight++;
			}
			next.granted();
		}
	}

	/** Calls at once that the target gets at present. */
	public int limit() {
		return this.limit.getLimit();
	}

	/** Calls under way. */
	public synchronized int inFlight() {
		return this.inFlight;
	}

	/** Calls that wait. */
	public synchronized int waiting() {
		return this.waiting.size();
	}

	/** Somebody who waits for a turn. */
	interface Waiter {

		void granted();

	}

}
