package dev.llmproxy.observability;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * What meters of one name say together.
 *
 * @param lowest of gauges; not a number where there is none
 * @param highest of gauges; not a number where there is none
 * @param count of counters, timers and summaries, since the start
 * @param total of what timers and summaries have recorded, since the start
 * @param max of what timers and summaries have recorded of late
 * @param bounds upper ones of the buckets, ascending
 * @param counts of all that is below each bound
 * @param percentiles that meters tell themselves: shares, and values
 */
public record MeterReading(double lowest, double highest, double count, double total, double max, double[] bounds,
		double[] counts, double[][] percentiles) {

	private static final double[] NONE = {};

	private static final double[][] NO_PERCENTILES = { NONE, NONE };

	static final MeterReading NOTHING = count(0, 0);

	static MeterReading value(double value) {
		return new MeterReading(value, value, 0, 0, 0, NONE, NONE, NO_PERCENTILES);
	}

	static MeterReading count(double count, double total) {
		return new MeterReading(Double.NaN, Double.NaN, count, total, 0, NONE, NONE, NO_PERCENTILES);
	}

	/** Both together. Buckets that are not alike, and percentiles, can't be added. */
	MeterReading plus(MeterReading other) {
		boolean alike = this.bounds.length > 0 && Arrays.equals(this.bounds, other.bounds);
		double[] sums = alike ? new double[this.bounds.length] : NONE;
		for (int i = 0; i < sums.length; i++) {
			sums[i] = this.counts[i] + other.counts[i];
		}
		return new MeterReading(Double.isNaN(this.lowest) ? other.lowest : Math.min(this.lowest, orHere(other.lowest)),
				Double.isNaN(this.highest) ? other.highest : Math.max(this.highest, orHere(other.highest)),
				this.count + other.count, this.total + other.total, Math.max(this.max, other.max),
				alike ? this.bounds : NONE, sums, NO_PERCENTILES);
	}

	private double orHere(double value) {
		return Double.isNaN(value) ? this.lowest : value;
	}

	/**
	 * What lies below a share of what was recorded since an earlier reading, by the
	 * buckets; within one it is assumed to be spread evenly.
	 * @param share from 0 to 1
	 * @return {@code null} if nothing was recorded, or there are no buckets
	 */
	public @Nullable Double percentile(double share, @Nullable MeterReading before) {
		if (this.bounds.length == 0) {
			return told(share);
		}
		MeterReading since = (before != null && Arrays.equals(before.bounds, this.bounds)) ? before : null;
		double all = this.count - ((since != null) ? since.count : 0);
		if (all <= 0) {
			return null;
		}
		double wanted = share * all;
		double below = 0;
		double from = 0;
		for (int i = 0; i < this.bounds.length; i++) {
			double here = this.counts[i] - ((since != null) ? since.counts[i] : 0);
			if (here >= wanted) {
				return (here > below) ? from + (this.bounds[i] - from) * (wanted - below) / (here - below)
						: this.bounds[i];
			}
			below = here;
			from = this.bounds[i];
		}
		return Math.max(from, this.max);
	}

	private @Nullable Double told(double share) {
		for (int i = 0; i < this.percentiles[0].length; i++) {
			if (Math.abs(this.percentiles[0][i] - share) < 1e-9) {
				return (this.count > 0) ? this.percentiles[1][i] : null;
			}
		}
		return null;
	}

}
