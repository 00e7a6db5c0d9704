package dev.llmproxy.event.alert;

/** What is made of an event or a meter. */
public enum Statistic {

	/** Events within the window, or the increase of a counter. */
	COUNT,

	/** The same, for each second. */
	RATE,

	/** What a gauge says now; of several meters the worst. */
	VALUE,

	/** The mean of what a timer or summary has recorded within the window. */
	MEAN,

	/** The highest that a timer or summary has recorded of late. */
	MAX,

	/** The median of what a timer or summary has recorded within the window. */
	P50(0.5),

	P90(0.9),

	P95(0.95),

	P99(0.99);

	private final double share;

	Statistic() {
		this(Double.NaN);
	}

	Statistic(double share) {
		this.share = share;
	}

	/** Of a percentile, from 0 to 1. */
	double share() {
		return this.share;
	}

	boolean percentile() {
		return !Double.isNaN(this.share);
	}

	/** Whether events can be read like this. */
	public boolean ofEvents() {
		return this == COUNT || this == RATE;
	}

}
