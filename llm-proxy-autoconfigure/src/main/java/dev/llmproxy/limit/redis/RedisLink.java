package dev.llmproxy.limit.redis;

import java.util.concurrent.atomic.AtomicInteger;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.NestedExceptionUtils;

/**
 * Whether Redis answers. After a few silences in a row, or one error, nobody asks it any
 * more until a probe was answered: a frozen Redis would cost every call the whole
 * deadline. Thread-safe.
 */
final class RedisLink {

	/** A pause of one collection is not an outage. */
	private static final int SILENCES = 3;

	private static final Log logger = LogFactory.getLog(RedisLimitStore.class);

	private final AtomicInteger silences = new AtomicInteger();

	private final RedisLimitSettings settings;

	private volatile boolean up;

	/** Whether anything was said of its state yet. */
	private volatile boolean told;

	RedisLink(RedisLimitSettings settings) {
		this.settings = settings;
	}

	boolean up() {
		return this.up;
	}

	void answered() {
		if (this.silences.get() != 0) {
			this.silences.set(0);
		}
	}

	void silent() {
		if (this.silences.incrementAndGet() >= SILENCES) {
			down("did not answer within " + this.settings.deadline().toMillis() + " ms");
		}
	}

	void failed(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		String message = cause.getMessage();
		down("failed: " + ((message != null) ? message : cause.getClass().getSimpleName()));
	}

	void probed(int nodes) {
		this.silences.set(0);
		boolean before;
		synchronized (this) {
			before = this.up || !this.told;
			this.up = true;
			this.told = true;
		}
		if (!before) {
			logger.info("Redis answers again: limits are shared by " + nodes + ((nodes == 1) ? " node" : " nodes"));
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
			logger.warn(
					"Redis " + reason + ". Until it answers again limits are " + switch (this.settings.failureMode()) {
						case LOCAL -> "counted by each node for itself, up to its share";
						case OPEN -> "not held";
						case CLOSED -> "taken for reached, and calls that have any are refused";
					} + " (llm-proxy.limits.redis.failure-mode)");
		}
	}

}
