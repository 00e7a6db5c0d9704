package dev.llmproxy.provider;

/** Finds who counts for a model. */
@FunctionalInterface
public interface TokenCounters {

	/**
	 * The counter for a model; there always is one.
	 * @param model as its provider names it
	 */
	TokenCounter of(String model);

}
