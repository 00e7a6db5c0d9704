package dev.llmproxy.cache;

import java.util.Locale;

/** What the cache did for a request, as the header {@code llm-proxy-cache} tells it. */
public enum CacheOutcome {

	/** The answer was known. */
	HIT,

	/** A provider was asked. */
	MISS,

	/** An answer to a question of the same meaning was known. */
	SEMANTIC,

	/** The cache was not asked. */
	BYPASS,

	/** A provider had been asked the same and not answered yet. */
	COALESCED;

	/** As the header and metrics spell it. */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
