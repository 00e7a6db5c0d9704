package dev.llmproxy.provider;

import dev.llmproxy.chat.Part;

/** What an image, a document or a recording costs, in tokens. Thread-safe. */
@FunctionalInterface
public interface MediaTokens {

	/** A guess for whoever documents nothing. */
	MediaTokens USUAL = (medium) -> 1000;

	/**
	 * The tokens of a medium.
	 * @param medium no text
	 */
	long of(Part medium);

}
