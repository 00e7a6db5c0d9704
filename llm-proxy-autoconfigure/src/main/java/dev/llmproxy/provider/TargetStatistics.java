package dev.llmproxy.provider;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What traffic tells of one target: how many calls are under way, how long it takes until
 * an answer begins, and how many fail. Thread-safe; readers see values that are a moment
 * old.
 */
public final class TargetStatistics {

	/** How long a peak is remembered: its weight falls to 1/e in this time. */
	private static final double DECAY_NANOS = 10e9;

	/** How long an average is held against a target that nobody asks. */
	private static final double FADING_NANOS = 300e9;

	private static final int SAMPLES = 128;

	private final Target target;

	private final LongSupplier clock;

	private final AtomicInteger inFlight = new AtomicInteger();

	private final AtomicLong succeeded = new AtomicLong();

	private final AtomicLong failed = new AtomicLong();

	/** Times until the head, newest over oldest. */
	private final AtomicLongArray samples = new AtomicLongArray(SAMPLES);

	private final AtomicInteger sampled = new AtomicInteger();

	private final AtomicLong lastFailure = new AtomicLong();

	private final AtomicInteger failedInARow = new AtomicInteger();

	private volatile @Nullable String lastError;

	private volatile Average average = new Average(0, 0);

	private volatile Quantile quantile = new Quantile(0, 0);

	TargetStatistics(Target target, LongSupplier clock) {
		this.target = target;
		this.clock = clock;
	}

	/** Whose they are, as it was when it was first called. */
	public Target target() {
		return this.target;
	}

	void began() {
		this.inFlight.incrementAndGet();
	}

	void ended() {
		this.inFlight.decrementAndGet();
	}

	void head(long nanos) {
		long now = this.clock.getAsLong();
		Average before = this.average;
		double weight = Math.exp(-(now - before.at()) / DECAY_NANOS);
		// A peak counts at once and is forgotten slowly.
		double value = (nanos > before.nanos()) ? nanos : before.nanos() * weight + nanos * (1 - weight);
		this.average = new Average(value, now);
		this.samples.set(Math.floorMod(this.sampled.getAndIncrement(), SAMPLES), nanos);
	}

	void succeeded() {
		this.succeeded.incrementAndGet();
		if (this.failedInARow.get() != 0) {
			this.failedInARow.set(0);
		}
	}

	void failed(@Nullable String code) {
		this.failed.incrementAndGet();
		this.failedInARow.incrementAndGet();
		this.lastError = code;
		this.lastFailure.set(this.clock.getAsLong());
	}

	/** Calls under way. */
	public int inFlight() {
		return this.inFlight.get();
	}

	/**
	 * The peak-sensitive moving average of the time until an answer begins, in
	 * nanoseconds; 0 before the first answer.
	 */
	public double latency() {
		return this.average.nanos();
	}

	/**
	 * The same as it counts when choosing: it fades in the course of minutes, so that who
	 * was slow is asked again some time.
	 */
	public double expectedLatency() {
		Average known = this.average;
		return (known.nanos() > 0) ? known.nanos() * Math.exp((known.at() - this.clock.getAsLong()) / FADING_NANOS) : 0;
	}

	/**
	 * The 95th percentile of the last 128 times until an answer began, in nanoseconds; 0
	 * before there are ten. Computed anew after every sixteenth answer.
	 */
	public long p95() {
		int count = this.sampled.get();
		Quantile known = this.quantile;
		if (count < 10) {
			return 0;
		}
		if (known.nanos() != 0 && count - known.count() < 16) {
			return known.nanos();
		}
		long[] sorted = new long[Math.min(count, SAMPLES)];
		for (int i = 0; i < sorted.length; i++) {
			sorted[i] = this.samples.get(i);
		}
		Arrays.sort(sorted);
		long nanos = sorted[(int) Math.ceil(sorted.length * 0.95) - 1];
		this.quantile = new Quantile(nanos, count);
		return nanos;
	}

	/** Answers that were complete. */
	public long succeededCount() {
		return this.succeeded.get();
	}

	/** Attempts that failed before an answer began, or in its middle. */
	public long failedCount() {
		return this.failed.get();
	}

	/** By {@link System#nanoTime()}; 0 if there was none. */
	public long lastFailureNanos() {
		return this.lastFailure.get();
	}

	/** {@link Long#MAX_VALUE} if there was none. */
	public long nanosSinceFailure() {
		return (this.failed.get() > 0) ? this.clock.getAsLong() - this.lastFailure.get() : Long.MAX_VALUE;
	}

	/** Failures since the last answer that was complete. */
	public int failedInARow() {
		return this.failedInARow.get();
	}

	/** The code of the last failure; {@code null} if there was none. */
	public @Nullable String lastError() {
		return this.lastError;
	}

	private record Average(double nanos, long at) {
	}

	private record Quantile(long nanos, int count) {
	}

}
