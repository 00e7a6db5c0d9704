package dev.llmproxy.plugin;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whose turn it is in a call that a plugin takes part in, and since when. It is the
 * plugin's as long as it owes something that somebody has asked for. Thread-safe.
 */
final class Turn {

	private static final long SHORTEST_TICK = 10;

	private boolean owes = true;

	private long demand;

	private long since = System.nanoTime();

	/**
	 * Begins with the plugin's turn.
	 * @param demand how much is asked for already
	 */
	Turn(long demand) {
		this.demand = demand;
	}

	/** The plugin was given something. */
	synchronized void begin() {
		if (!this.owes) {
			this.owes = true;
			this.since = System.nanoTime();
		}
	}

	/** The plugin waits for others. */
	synchronized void end() {
		this.owes = false;
	}

	/** The plugin gave something. */
	synchronized void gave(boolean owesMore) {
		this.demand = (this.demand == Long.MAX_VALUE) ? this.demand : this.demand - 1;
		this.owes = owesMore;
		this.since = System.nanoTime();
	}

	/** More of what the plugin gives is asked for. */
	synchronized void demand(long more) {
		if (this.demand == 0) {
			this.since = System.nanoTime();
		}
		long sum = this.demand + more;
		this.demand = (sum < 0) ? Long.MAX_VALUE : sum;
	}

	private synchronized boolean late(long nanos) {
		return this.owes && this.demand > 0 && System.nanoTime() - this.since > nanos;
	}

	/** Fails with {@link Overdue} when the plugin has had its turn for too long. */
	<T> Mono<T> overdue(Duration deadline) {
		Duration tick = Duration.ofMillis(Math.max(SHORTEST_TICK, deadline.toMillis() / 4));
		return Flux.interval(tick)
			.onBackpressureDrop()
			.filter((ignored) -> late(deadline.toNanos()))
			.next()
			.flatMap((ignored) -> Mono.error(new Overdue()));
	}

	/** A plugin took too long; without a stack trace, because it has none to tell. */
	static final class Overdue extends RuntimeException {

		Overdue() {
			super("too late", null, false, false);
		}

	}

}
