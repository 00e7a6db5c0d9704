package dev.llmproxy.systemd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;

/**
 * Finds out whether a server is alive by asking those who do its work: a beat counts as
 * soon as every event loop has run a task of it. One loop that hangs, and there is none.
 * Thread-safe.
 */
public final class EventLoopPulse {

	private final List<EventExecutor> loops = new ArrayList<>();

	private final Runnable alive;

	/** Loops that have not answered yet. */
	private final AtomicInteger missing = new AtomicInteger();

	/**
	 * Creates a pulse.
	 * @param loops whose loops are asked
	 * @param alive is run after each beat, on the loop that was the last to answer; must
	 * neither wait nor fail
	 */
	public EventLoopPulse(EventExecutorGroup loops, Runnable alive) {
		loops.forEach(this.loops::add);
		this.alive = alive;
	}

	/**
	 * Asks every loop, unless one has not answered yet since it was last asked. Does not
	 * wait for the answers.
	 * @return how many loops have not answered the last time, 0 if all is well
	 */
	public int beat() {
		int late = this.missing.get();
		if (late > 0 || !this.missing.compareAndSet(0, this.loops.size())) {
			return late;
		}
		try {
			for (EventExecutor loop : this.loops) {
				loop.execute(this::answered);
			}
		}
		catch (RejectedExecutionException ex) {
			// They have been shut down, and there is nothing to tell any more.
		}
		return 0;
	}

	private void answered() {
		if (this.missing.decrementAndGet() == 0) {
			this.alive.run();
		}
	}

}
