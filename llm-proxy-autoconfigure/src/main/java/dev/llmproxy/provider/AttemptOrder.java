package dev.llmproxy.provider;

/**
 * The order of {@link AttemptFilter}s, outermost first; steps of 1,000 leave room
 * between.
 */
public enum AttemptOrder {

	/** Waits for its turn. */
	BULKHEAD,

	/** Takes its share of what the provider grants; given back where a gate refuses. */
	LIMIT,

	/** All {@link AttemptGate}s. */
	ADMISSION,

	/**
	 * Failures that are rehearsed; inside, so that everything else takes them for real.
	 */
	FAULT_INJECTION;

	public int order() {
		return ordinal() * 1000;
	}

}
