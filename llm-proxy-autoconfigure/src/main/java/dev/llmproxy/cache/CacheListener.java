package dev.llmproxy.cache;

/** Hears what the cache does, to measure it. Thread-safe; quick. */
public interface CacheListener {

	/** Nobody listens. */
	CacheListener NONE = new CacheListener() {
	};

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
