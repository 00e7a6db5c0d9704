package dev.llmproxy.event.webhook;

import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * A message under way.
 *
 * @param id stays the same in all tries
 * @param tries that failed so far
 * @param due when it is tried next, as {@link System#nanoTime()} tells it
 */
record Delivery(String id, byte[] body, int tries, long due) implements Delayed {

	/** After one more try that failed. */
	Delivery again(long due) {
		return new Delivery(this.id, this.body, this.tries + 1, due);
	}

	@Override
	public long getDelay(TimeUnit unit) {
		return unit.convert(this.due - System.nanoTime(), TimeUnit.NANOSECONDS);
	}

	@Override
	public int compareTo(Delayed other) {
		return Long.compare(this.due - ((Delivery) other).due, 0);
	}

	@Override
	public boolean equals(Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return this.id.hashCode();
	}

	@Override
	public String toString() {
		return this.id;
	}

}
