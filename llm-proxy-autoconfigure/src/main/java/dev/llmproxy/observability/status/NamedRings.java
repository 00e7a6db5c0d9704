package dev.llmproxy.observability.status;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A ring for each name. Callers name models, so their number is bounded: when there is no
 * room, those that nobody has used for the length of a ring go, and what is new after
 * that is counted as {@code other}. Thread-safe.
 */
final class NamedRings {

	static final String OTHER = "other";

	private static final int LONGEST_NAME = 100;

	/** Between two looks for names that are not used any more, in milliseconds. */
	private static final long PAUSE = 10_000;

	private final Map<String, Ring> rings = new ConcurrentHashMap<>();

	private final int most;

	private final Supplier<Ring> source;

	private volatile long swept = Long.MIN_VALUE / 2;

	NamedRings(int most, Supplier<Ring> source) {
		this.most = most;
		this.source = source;
	}

	Ring of(String name, long millis) {
		Ring known = this.rings.get(name);
		return (known != null) ? known : admit(name, millis);
	}

	private Ring admit(String name, long millis) {
		if (name.length() > LONGEST_NAME) {
			return of(name.substring(0, LONGEST_NAME), millis);
		}
		if (this.rings.size() >= this.most && millis - this.swept > PAUSE) {
			this.swept = millis;
			this.rings.values().removeIf((ring) -> ring.isIdle(millis));
		}
		// Threads that come at once may admit a few more.
		String admitted = (this.rings.size() < this.most) ? name : OTHER;
		return this.rings.computeIfAbsent(admitted, (key) -> this.source.get());
	}

	Map<String, Ring> all() {
		return new TreeMap<>(this.rings);
	}

}
