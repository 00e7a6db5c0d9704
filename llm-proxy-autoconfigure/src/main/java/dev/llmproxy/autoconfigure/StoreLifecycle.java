package dev.llmproxy.autoconfigure;

import org.springframework.context.SmartLifecycle;

/** Begins before the server takes calls. */
final class StoreLifecycle implements SmartLifecycle {

	private final Runnable start;

	private final Runnable stop;

	private volatile boolean running;

	StoreLifecycle(Runnable start, Runnable stop) {
		this.start = start;
		this.stop = stop;
	}

	@Override
	public void start() {
		this.running = true;
		this.start.run();
	}

	@Override
	public void stop() {
		this.running = false;
		this.stop.run();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return 0;
	}

}
