package dev.llmproxy.observability.status;

/** What is counted of a piece of time. */
enum Count {

	/** Calls; of a provider, attempts. */
	REQUESTS,

	/** Of those, the ones that ended in an error, before or amid the answer. */
	FAILED,

	/** Of those, the ones whose caller left. */
	CANCELLED,

	/** Attempts that were made for the calls. */
	ATTEMPTS,

	INPUT_TOKENS,

	OUTPUT_TOKENS,

	NANO_USD,

	/** Charges without a known price. */
	UNPRICED,

	CACHE_HIT,

	CACHE_SEMANTIC,

	CACHE_COALESCED,

	CACHE_MISS,

	CACHE_BYPASS

}
