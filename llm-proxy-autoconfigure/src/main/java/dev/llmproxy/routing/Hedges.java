package dev.llmproxy.routing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps hedges to a share of each route's requests. Thread-safe. */
final class Hedges {

	private final Map<String, Share> shares = new ConcurrentHashMap<>();

	/** Counts a request of a route that hedges. */
	void request(Route route) {
		this.shares.computeIfAbsent(route.name(), (name) -> new Share()).requests.incrementAndGet();
	}

	/** Whether one more hedge keeps to the share; counts it if so. */
	boolean allowed(Route route) {
		HedgingPolicy policy = route.hedging();
		Share share = this.shares.get(route.name());
		if (policy == null || share == null) {
			return false;
		}
		long requests = share.requests.get();
		long hedged = share.hedged.incrementAndGet();
		if (hedged * 100.0 > requests * policy.maxPercent() && hedged > 1) {
			share.hedged.decrementAndGet();
			return false;
		}
		return true;
	}

	private static final class Share {

		private final AtomicLong requests = new AtomicLong();

		private final AtomicLong hedged = new AtomicLong();

	}

}
