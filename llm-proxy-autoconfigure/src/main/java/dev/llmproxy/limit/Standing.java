package dev.llmproxy.limit;

import java.time.Duration;

/**
 * How much of a quota is used at some moment.
 *
 * @param requests made within the window
 * @param tokens used, or set aside, within the window
 * @param concurrency calls under way
 * @param requestsReset until no request counts any more
 * @param tokensReset until no token counts any more
 */
public record Standing(Demand demand, long requests, long tokens, int concurrency, Duration requestsReset,
		Duration tokensReset) {

	public long remainingRequests() {
		return Math.max(0, this.demand.quota().requests() - this.requests);
	}

	public long remainingTokens() {
		return Math.max(0, this.demand.quota().tokens() - this.tokens);
	}

	/** The share that is left of what is scarcest; from 0 to 1. */
	public double headroom() {
		Quota quota = this.demand.quota();
		return Math.min(share(this.requests, quota.requests()),
				Math.min(share(this.tokens, quota.tokens()), share(this.concurrency, quota.concurrency())));
	}

	/** An equal share of what is left for each of several nodes. */
	public Quota share(int nodes) {
		return this.demand.quota().share(remainingRequests(), remainingTokens(), nodes);
	}

	private static double share(long used, long limit) {
		return (limit == 0) ? 1 : Math.max(0, (double) (limit - used) / limit);
	}

}
