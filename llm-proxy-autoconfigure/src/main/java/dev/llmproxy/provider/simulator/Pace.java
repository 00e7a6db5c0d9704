package dev.llmproxy.provider.simulator;

import java.time.Duration;

/**
 * How fast an answer comes.
 *
 * @param firstToken until it begins
 * @param tokensPerSecond from then on; 0 for all at once
 */
record Pace(Duration firstToken, double tokensPerSecond) {

	/** When a token is due, counted from the first one. */
	Duration due(long token) {
		return (this.tokensPerSecond == 0) ? Duration.ZERO
				: Duration.ofNanos((long) (token * 1_000_000_000.0 / this.tokensPerSecond));
	}

	/** When a whole answer is due, counted from the request. */
	Duration whole(long tokens) {
		return this.firstToken.plus(due(tokens));
	}

	Pace withFirstToken(Duration firstToken) {
		return new Pace(firstToken, this.tokensPerSecond);
	}

	Pace withTokensPerSecond(double tokensPerSecond) {
		return new Pace(this.firstToken, tokensPerSecond);
	}

}
