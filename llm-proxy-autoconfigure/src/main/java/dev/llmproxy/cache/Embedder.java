package dev.llmproxy.cache;

import reactor.core.publisher.Mono;

/** Makes vectors of texts, so that those of similar meaning are close. Thread-safe. */
@FunctionalInterface
public interface Embedder {

	/** The vector of a text; always of the same length. May fail or be late. */
	Mono<float[]> embed(String text);

	/**
	 * What makes the vectors. Those of different names are never compared, also where
	 * they outlive this process and were made by another one.
	 */
	default String name() {
		return "";
	}

}
