package dev.llmproxy.cache;

/**
 * What of the cache does not change at run time.
 *
 * @param maxAnswer the largest answer that is kept, in bytes
 */
public record CacheSettings(int maxAnswer) {

	public CacheSettings {
		if (maxAnswer <= 0) {
			throw new IllegalArgumentException("max-answer must be positive");
		}
	}

}
