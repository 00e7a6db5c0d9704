package dev.llmproxy.cache;

import java.util.List;

/** Hears what the cache does, to measure it. Thread-safe; quick. */
public interface CacheListener {

	/** Nobody listens. */
	CacheListener NONE = new CacheListener() {
	};

	/** One that tells all of these. */
	static CacheListener all(List<CacheListener> listeners) {
		return switch (listeners.size()) {
			case 0 -> NONE;
			case 1 -> listeners.get(0);
			default -> new CacheListeners(List.copyOf(listeners));
		};
	}

	/**
	 * A request was answered.
	 * @param stale whether by an answer whose time was over
	 */
	default void answered(CacheOutcome outcome, boolean stale) {
	}

	/** An answer is kept. */
	default void kept() {
	}

	/**
	 * An answer is not kept.
	 * @param reason such as {@code too_large}
	 */
	default void passedOver(String reason) {
	}

	/** An answer had to make room. */
	default void evicted() {
	}

	/**
	 * The shared store was of no use.
	 * @param reason such as {@code timeout} or {@code corrupt}
	 */
	default void sharedFault(String reason) {
	}

}
