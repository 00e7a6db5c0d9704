package dev.llmproxy.autoconfigure;

/** How a route, or a group in it, chooses among its targets. */
enum RouteStrategy {

	/** As they are listed. */
	ORDERED,

	/** The lowest priority first; those of one priority by weight. */
	PRIORITY,

	/** Drawn by weight. */
	WEIGHTED,

	/** In turns, by weight. */
	ROUND_ROBIN,

	/** The fewest calls under way. */
	LEAST_BUSY,

	/** The shortest time until an answer begins. */
	LOWEST_LATENCY,

	/** The cheapest for the request. */
	LOWEST_COST,

	/** The one of whose limits most is left. */
	USAGE_AWARE,

	/** The same for all requests of a session. */
	STICKY,

	/** By conditions on the request. */
	CONDITIONAL,

	/** An experiment: by percentage, the same for good. */
	SPLIT

}
