package dev.llmproxy.limit;

import java.time.Duration;

/**
 * How much of something may be used. 0 stands for any amount.
 *
 * @param name of the rule it belongs to; safe to show to callers
 * @param requests calls within any window
 * @param tokens of prompts and answers within any window
 * @param concurrency calls under way at once
 * @param window from one second to one day
 */
public record Quota(String name, long requests, long tokens, int concurrency, Duration window) {

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofDays(1);

	/**
	 * Amounts that a script counts in must be exact in a double: no larger than this.
	 */
	private static final long MOST = 1L << 50;

	public Quota {
		if (requests < 0 || tokens < 0 || concurrency < 0) {
			throw new IllegalArgumentException("a limit must not be negative");
		}
		if (requests > MOST || tokens > MOST) {
			throw new IllegalArgumentException("a limit must not be larger than " + MOST);
		}
		if (requests == 0 && tokens == 0 && concurrency == 0) {
			throw new IllegalArgumentException("none of requests, tokens and concurrency is limited");
		}
		if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException("a window must be from one second to one day long");
		}
	}

	/** An equal share for each of several nodes, and at least one of everything. */
	public Quota dividedBy(int nodes) {
		return share(this.requests, this.tokens, nodes);
	}

	/** The same of what is left of it. */
	Quota share(long requests, long tokens, int nodes) {
		return new Quota(this.name, oneOf(this.requests, requests, nodes), oneOf(this.tokens, tokens, nodes),
				(int) oneOf(this.concurrency, this.concurrency, nodes), this.window);
	}

	private static long oneOf(long limit, long left, int nodes) {
		return (limit == 0) ? 0 : Math.max(1, left / nodes);
	}

}
