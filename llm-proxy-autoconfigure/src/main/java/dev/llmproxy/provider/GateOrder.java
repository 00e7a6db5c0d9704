package dev.llmproxy.provider;

/**
 * The order of {@link AttemptGate}s: who refuses cheapest asks first, who counts comes
 * last and sees only what was admitted. Steps of 1,000 leave room between.
 */
public enum GateOrder {

	/** An operator's word. */
	SWITCH,

	/** The provider asked for a rest. */
	COOLDOWN, BREAKER,

	/** What the provider grants. */
	LIMIT, STATISTICS, OBSERVATION;

	public int order() {
		return ordinal() * 1000;
	}

}
