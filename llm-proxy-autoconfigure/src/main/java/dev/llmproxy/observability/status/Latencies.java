package dev.llmproxy.observability.status;

import java.util.concurrent.atomic.AtomicIntegerArray;

import org.jspecify.annotations.Nullable;

/**
 * A histogram of times from a tenth of a millisecond to half an hour, in buckets of which
 * each is a twelfth wider than the one before: a percentile is off by 5 % at most.
 * Thread-safe.
 */
final class Latencies {

	/** Buckets for each doubling. */
	private static final int PER_OCTAVE = 8;

	private static final double SHORTEST_NANOS = 1e5;

	private static final int BUCKETS = 24 * PER_OCTAVE + 1;

	private static final double LN_STEP = Math.log(2) / PER_OCTAVE;

	private final AtomicIntegerArray buckets = new AtomicIntegerArray(BUCKETS);

	/** Where a time belongs, to be computed once for all histograms that it goes into. */
	static int bucket(long nanos) {
		double step = Math.ceil(Math.log(nanos / SHORTEST_NANOS) / LN_STEP);
		return (int) Math.max(0, Math.min(BUCKETS - 1, step));
	}

	void record(int bucket) {
		this.buckets.incrementAndGet(bucket);
	}

	/**
	 * Percentiles of several histograms together; {@code null} if nothing was recorded.
	 */
	static TrafficReport.@Nullable Percentiles of(Iterable<Latencies> all) {
		long[] sums = new long[BUCKETS];
		long total = 0;
		for (Latencies one : all) {
			for (int i = 0; i < BUCKETS; i++) {
				int count = one.buckets.get(i);
				sums[i] += count;
				total += count;
			}
		}
		return (total > 0) ? new TrafficReport.Percentiles(total, millis(sums, total, 0.5), millis(sums, total, 0.95),
				millis(sums, total, 0.99)) : null;
	}

	private static double millis(long[] sums, long total, double quantile) {
		long rank = Math.max(1, (long) Math.ceil(quantile * total));
		long seen = 0;
		int bucket = -1;
		while (seen < rank) {
			bucket++;
			seen += sums[bucket];
		}
		// The middle of the bucket.
		double nanos = SHORTEST_NANOS * Math.exp((bucket - 0.5) * LN_STEP);
		return Math.round(nanos / 1e4) / 100.0;
	}

}
