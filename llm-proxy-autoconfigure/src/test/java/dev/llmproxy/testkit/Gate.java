package dev.llmproxy.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A point in a {@link Script} where the upstream waits for the test, and the test can
 * wait for the upstream. It replaces every sleep: <pre>{@code
 * Gate gate = new Gate();
 * upstream.enqueue(Script.script().status(200).chunked().chunk("first").gate(gate).chunk("second").endChunked());
 * ...
 * gate.awaitReached(Duration.ofSeconds(5)); // "first" has been written, "second" has not
 * gate.open();
 * }</pre> Thread-safe. A gate that is open stays open.
 */
public final class Gate {

	private final CountDownLatch reached = new CountDownLatch(1);

	private final CountDownLatch opened = new CountDownLatch(1);

	/** Lets the script go on, now and whenever it comes here again. */
	public void open() {
		this.opened.countDown();
	}

	/**
	 * Whether a script has come to this gate.
	 * @return {@code true} once one has
	 */
	public boolean isReached() {
		return this.reached.getCount() == 0;
	}

	/**
	 * Waits until a script has come to this gate, so that everything before it is
	 * written.
	 * @param timeout how long to wait at most
	 * @throws AssertionError if none comes in time
	 */
	public void awaitReached(Duration timeout) {
		try {
			if (!this.reached.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new AssertionError("No script came to the gate within " + timeout);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while waiting for a script to come to the gate", ex);
		}
	}

	CountDownLatch enter() {
		this.reached.countDown();
		return this.opened;
	}

}
