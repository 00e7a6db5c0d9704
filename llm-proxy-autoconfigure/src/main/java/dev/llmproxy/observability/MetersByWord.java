package dev.llmproxy.observability;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.micrometer.core.instrument.Meter;

/**
 * Meters that differ in one label, whose values are words of ours, of which there are
 * few. Thread-safe.
 *
 * @param <M> the meter
 */
final class MetersByWord<M extends Meter> {

	private final Map<String, M> byWord = new ConcurrentHashMap<>();

	private final Function<String, M> factory;

	MetersByWord(Function<String, M> factory) {
		this.factory = factory;
	}

	M of(String word) {
		M known = this.byWord.get(word);
		return (known != null) ? known : this.byWord.computeIfAbsent(word, this.factory);
	}

}
