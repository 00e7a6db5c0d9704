package dev.llmproxy.provider;

/** The order of {@link AttemptFilter}s, outermost first; steps of 1,000 leave room. */
public enum AttemptOrder {

	OBSERVATION, RETRY, BREAKER, BULKHEAD, TIMEOUT, CREDENTIALS;

	public int order() {
		return ordinal() * 1000;
	}

}
