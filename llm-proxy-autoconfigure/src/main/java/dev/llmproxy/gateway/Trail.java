package dev.llmproxy.gateway;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What became of a call so far, written down by whoever decides something, for those who
 * tell of it afterwards: logs, metrics, headers. Nothing is decided by it. All copies of
 * a request share one. Thread-safe.
 */
public final class Trail {

	private volatile @Nullable String route;

	private @Nullable List<AttemptRecord> attempts;

	private long waited;

	private volatile long sent;

	private long cost;

	private boolean priced;

	private boolean estimated;

	private boolean unpriced;

	/** The route that serves it; {@code null} if it got to none. */
	public @Nullable String route() {
		return this.route;
	}

	public void route(String route) {
		this.route = route;
	}

	/** What was tried, in the order in which it was known how that went. */
	public synchronized List<AttemptRecord> attempts() {
		return (this.attempts != null) ? List.copyOf(this.attempts) : List.of();
	}

	public synchronized void attempt(AttemptRecord attempt) {
		if (this.attempts == null) {
			this.attempts = new ArrayList<>(1);
		}
		this.attempts.add(attempt);
	}

	/**
	 * When a request was handed to the transport last, as {@link System#nanoTime()} tells
	 * it.
	 */
	public void sent(long nanoTime) {
		this.sent = nanoTime;
	}

	/**
	 * It was waited for a provider until now: since the request was sent, or since the
	 * attempt began if it was not.
	 * @param begun when the attempt began, as {@link System#nanoTime()} tells it
	 */
	public void waitedSince(long begun, long now) {
		long sent = this.sent;
		waited(now - ((sent - begun > 0 && sent != 0) ? sent : begun));
	}

	/** It was waited on purpose, for so many nanoseconds. */
	public synchronized void waited(long nanos) {
		this.waited += nanos;
	}

	/**
	 * Nanoseconds until the answer began in which there was nothing to do but to wait for
	 * a provider.
	 */
	public synchronized long waited() {
		return this.waited;
	}

	/**
	 * An attempt was charged.
	 * @param nanoUsd the cost; {@code null} if the price is not known
	 * @param estimated whether that is an estimate
	 * @return whether it is the first one
	 */
	public synchronized boolean charged(@Nullable Long nanoUsd, boolean estimated) {
		boolean first = !this.priced && !this.unpriced;
		if (nanoUsd == null) {
			this.unpriced = true;
		}
		else {
			this.priced = true;
			this.cost += nanoUsd;
			this.estimated |= estimated;
		}
		return first;
	}

	/**
	 * What all attempts cost up to now, in nano-USD; {@code null} if nothing is charged
	 * yet, or some of it has no known price.
	 */
	public synchronized @Nullable Long cost() {
		return (this.priced && !this.unpriced) ? this.cost : null;
	}

	/** Whether some of the {@link #cost()} is an estimate. */
	public synchronized boolean estimated() {
		return this.estimated;
	}

}
