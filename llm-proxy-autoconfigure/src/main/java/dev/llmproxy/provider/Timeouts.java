package dev.llmproxy.provider;

import java.time.Duration;

/**
 * The clocks of one attempt. All positive.
 *
 * @param connect until the connection stands, TLS included
 * @param responseHeaders until the response's head has arrived, streams only; a whole
 * answer is generated before its head, so only {@code total} bounds it
 * @param firstToken from the request until the first frame that means something; pings
 * and comments don't count
 * @param idle between two frames that mean something
 * @param total for a whole answer
 * @param streamTotal for a whole stream
 */
public record Timeouts(Duration connect, Duration responseHeaders, Duration firstToken, Duration idle, Duration total,
		Duration streamTotal) {

	public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(60),
			Duration.ofMinutes(5), Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofMinutes(60));

	public Timeouts {
		for (Duration clock : new Duration[] { connect, responseHeaders, firstToken, idle, total, streamTotal }) {
			if (clock.isNegative() || clock.isZero()) {
				throw new IllegalArgumentException("A timeout must be positive");
			}
		}
	}

}
