package dev.llmproxy.gateway;

/**
 * The order of {@link LlmFilter}s, outermost first; steps of 1,000 leave room between.
 */
public enum FilterOrder {

	/** Sees everything, the refusals of the others included. */
	OBSERVATION,

	/** May this caller use this model? */
	AUTHORIZATION,

	/** Quotas. */
	LIMIT,

	/** Checks of content. */
	GUARDRAIL,

	/** Shortening of long conversations. */
	CONTEXT,

	/** Answers that are known already. */
	CACHE;

	public int order() {
		return ordinal() * 1000;
	}

}
