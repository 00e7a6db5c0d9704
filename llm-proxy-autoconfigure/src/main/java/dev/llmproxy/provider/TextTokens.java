package dev.llmproxy.provider;

/** Counts the tokens of texts; what surrounds them is counted elsewhere. Thread-safe. */
@FunctionalInterface
public interface TextTokens {

	long count(CharSequence text);

	/** Whether it counts, rather than estimates. */
	default boolean exact() {
		return true;
	}

}
