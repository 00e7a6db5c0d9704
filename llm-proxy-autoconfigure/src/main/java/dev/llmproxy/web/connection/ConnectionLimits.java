package dev.llmproxy.web.connection;

import java.time.Duration;

/**
 * What a connection may do. Sizes are inclusive: at the limit is accepted.
 *
 * @param maxRequestLine bytes of the request line; beyond is answered with 414
 * @param maxHeaderSize bytes of all header lines together, without line ends; beyond is
 * answered with 431
 * @param maxHeaderFields header lines; beyond is answered with 431
 * @param headerTimeout how long request line and headers may take
 * @param bodyTimeout how long a body may take, beside the time that the bytes which came
 * take at the lowest rate
 * @param minBodyRate bytes per second
 * @param idleTimeout how long a connection is kept on which no request is going on
 * @param writeTimeout how long a caller may read nothing of what is to be sent
 */
public record ConnectionLimits(int maxRequestLine, int maxHeaderSize, int maxHeaderFields, Duration headerTimeout,
		Duration bodyTimeout, long minBodyRate, Duration idleTimeout, Duration writeTimeout) {

	/** Refuses what would mean that nothing is accepted. */
	public ConnectionLimits {
		check(maxRequestLine > 0, "The longest request line");
		check(maxHeaderSize > 0, "The size of the headers");
		check(maxHeaderFields > 0, "The number of header fields");
		check(minBodyRate > 0, "The lowest rate of a body");
		for (Duration timeout : new Duration[] { headerTimeout, bodyTimeout, idleTimeout, writeTimeout }) {
			check(timeout.toMillis() > 0, "A time-out");
		}
	}

	private static void check(boolean positive, String what) {
		if (!positive) {
			throw new IllegalArgumentException(what + " must be more than nothing");
		}
	}

	/**
	 * How often a connection is looked at: often enough to be late by no more than a
	 * quarter of a time-out, and by no more than a second.
	 */
	Duration tick() {
		long shortest = Math.min(Math.min(this.headerTimeout.toMillis(), this.bodyTimeout.toMillis()),
				Math.min(this.idleTimeout.toMillis(), this.writeTimeout.toMillis()));
		return Duration.ofMillis(Math.max(5, Math.min(1000, shortest / 4)));
	}

}
