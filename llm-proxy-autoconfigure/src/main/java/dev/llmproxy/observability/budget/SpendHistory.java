package dev.llmproxy.observability.budget;

import java.time.Instant;
import java.util.List;

import dev.llmproxy.gateway.Caller;

/** Knows what was spent, by this node and by others, before and since it started. */
@FunctionalInterface
public interface SpendHistory {

	/** Nothing is kept. */
	SpendHistory NONE = (from) -> List.of();

	/** What was spent since an instant. May block. */
	List<Spent> since(Instant from);

	/**
	 * Costs of a caller on a route.
	 *
	 * @param caller of which only id and team matter
	 * @param cost in nano-USD
	 */
	record Spent(Caller caller, String route, long cost) {
	}

}
