package dev.llmproxy.observability;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Meters by their labels: made on the first use of a combination, found by one look-up
 * afterwards. Thread-safe.
 *
 * @param <L> the labels
 * @param <M> the meters of one combination
 */
final class Series<L extends Series.Labels<L>, M> {

	private final Map<L, M> byLabels = new ConcurrentHashMap<>();

	private final SeriesCap cap;

	private final Function<? super L, ? extends M> factory;

	Series(SeriesCap cap, Function<? super L, ? extends M> factory) {
		this.cap = cap;
		this.factory = factory;
	}

	M of(L labels) {
		M known = this.byLabels.get(labels);
		return (known != null) ? known : this.byLabels.computeIfAbsent(labels.within(this.cap), this.factory);
	}

	/**
	 * A combination of labels, some of which callers choose.
	 *
	 * @param <L> the combination itself
	 */
	interface Labels<L> {

		/** The same, as far as the cap allows. */
		L within(SeriesCap cap);

	}

}
