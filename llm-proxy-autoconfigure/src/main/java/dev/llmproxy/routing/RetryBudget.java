package dev.llmproxy.routing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.GateOrder;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TargetRegistry;

/**
 * Bounds the calls that a target gets beyond those that callers made: retries, fallbacks
 * and hedges. Each that was in vain costs a token, and there must be one for the next. A
 * first call that succeeds earns a share of one. So failover to a target that works is
 * free, however many calls are under way, and one that fails gets hardly more calls than
 * callers make (P4). Thread-safe.
 */
public final class RetryBudget implements AttemptGate {

	/** Tokens are counted in thousandths. */
	private static final long TOKEN = 1000;

	private final long earned;

	private final long capacity;

	private final LongSupplier clock;

	private final TargetRegistry<Bucket> buckets;

	/**
	 * Creates a budget.
	 * @param ratio extra calls per call that succeeded, such as 0.1
	 * @param burst extra calls that a target gets before it earned any; they come back in
	 * the course of a minute
	 */
	public RetryBudget(double ratio, int burst) {
		this(ratio, burst, System::nanoTime);
	}

	RetryBudget(double ratio, int burst, LongSupplier clock) {
		if (!(ratio >= 0 && ratio <= 1) || burst < 0) {
			throw new IllegalArgumentException("A ratio is between 0 and 1, a burst not negative");
		}
		this.earned = Math.round(ratio * TOKEN);
		this.capacity = burst * TOKEN;
		this.clock = clock;
		this.buckets = new TargetRegistry<>((target) -> new Bucket(this.capacity, clock.getAsLong()));
	}

	/** Whether a target may get one more extra call. */
	boolean allows(Target target) {
		Bucket bucket = this.buckets.of(target);
		refill(bucket);
		return bucket.tokens.get() >= TOKEN;
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		Bucket bucket = this.buckets.of(attempt.target());
		return switch (attempt.kind()) {
			case FIRST -> (end) -> earn(bucket, end);
			case RETRY, FALLBACK -> (end) -> charge(bucket, end, false);
			// The one that lost the race was paid for, too.
			case HEDGE -> (end) -> charge(bucket, end, true);
			case MIRROR -> AttemptListener.NONE;
		};
	}

	private void earn(Bucket bucket, AttemptEnd end) {
		if (end.kind() == AttemptEnd.Kind.SUCCEEDED) {
			add(bucket, this.earned);
		}
	}

	private void charge(Bucket bucket, AttemptEnd end, boolean cancelled) {
		boolean inVain = switch (end.kind()) {
			case BROKEN -> true;
			case FAILED -> end.failure() == null || !end.failure().ownRefusal();
			case CANCELLED -> cancelled;
			case SUCCEEDED, REFUSED -> false;
		};
		if (inVain) {
			bucket.tokens.accumulateAndGet(TOKEN, (tokens, price) -> Math.max(0, tokens - price));
		}
	}

	@Override
	public int getOrder() {
		return GateOrder.SWITCH.order() - 1;
	}

	private void add(Bucket bucket, long amount) {
		long before;
		do {
			before = bucket.tokens.get();
			if (before >= this.capacity) {
				return;
			}
		}
		while (!bucket.tokens.compareAndSet(before, Math.min(this.capacity, before + amount)));
	}

	private void refill(Bucket bucket) {
		long now = this.clock.getAsLong();
		long last = bucket.refilled.get();
		long amount = (long) ((now - last) / 60e9 * this.capacity);
		if (amount > 0 && bucket.refilled.compareAndSet(last, now)) {
			add(bucket, amount);
		}
	}

	private static final class Bucket {

		private final AtomicLong tokens;

		private final AtomicLong refilled;

		Bucket(long tokens, long now) {
			this.tokens = new AtomicLong(tokens);
			this.refilled = new AtomicLong(now);
		}

	}

}
