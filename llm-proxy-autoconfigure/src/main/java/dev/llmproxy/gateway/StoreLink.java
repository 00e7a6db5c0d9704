package dev.llmproxy.gateway;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.commons.logging.Log;

import org.springframework.core.NestedExceptionUtils;

/**
 * Whether a store that nodes share answers. After a few silences in a row, or one error,
 * nobody asks it any more until a probe was answered: a frozen one would cost every call
 * the whole deadline. Each change is logged once. Thread-safe.
 */
public final class StoreLink {

	/** A pause of one collection is not an outage. */
	private static final int SILENCES = 3;

	private final AtomicInteger silences = new AtomicInteger();

	private final Log logger;

	private final String name;

	private final Duration deadline;

	private final String meanwhile;

	private volatile boolean up;

	/** Whether anything was said of its state yet. */
	private volatile boolean told;

	/**
	 * Creates one, which is down.
	 * @param name of the store, for the log
	 * @param deadline of each question, for the log
	 * @param meanwhile what is done while it is down, for the log
	 */
	public StoreLink(Log logger, String name, Duration deadline, String meanwhile) {
		this.logger = logger;
		this.name = name;
		this.deadline = deadline;
		this.meanwhile = meanwhile;
	}

	public boolean up() {
		return this.up;
	}

	public void answered() {
		if (this.silences.get() != 0) {
			this.silences.set(0);
		}
	}

	/** A question was not answered in time. */
	public void silent() {
		if (this.silences.incrementAndGet() >= SILENCES) {
			down("did not answer within " + this.deadline.toMillis() + " ms");
		}
	}

	public void failed(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		String message = cause.getMessage();
		down("failed: " + ((message != null) ? message : cause.getClass().getSimpleName()));
	}

	/**
	 * It answered in time when it was probed.
	 * @param now what is done from now on, for the log
	 */
	public void probed(String now) {
		this.silences.set(0);
		boolean before;
		synchronized (this) {
			before = this.up || !this.told;
			this.up = true;
			this.told = true;
		}
		if (!before) {
			this.logger.info(this.name + " answers again: " + now);
		}
	}

	private void down(String reason) {
		boolean before;
		synchronized (this) {
			before = !this.up && this.told;
			this.up = false;
			this.told = true;
		}
		if (!before) {
			this.logger.warn(this.name + " " + reason + ". Until it answers again " + this.meanwhile);
		}
	}

}
