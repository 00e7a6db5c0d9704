package dev.llmproxy.autoconfigure;

import org.springframework.context.SmartLifecycle;

/** Does something when the application stops, in a phase of that. */
final class StopLifecycle implements SmartLifecycle {

	private final int phase;

	private final Runnable stop;

	private volatile boolean running;

	StopLifecycle(int phase, Runnable stop) {
		this.phase = phase;
		this.stop = stop;
	}

	@Override
	public void start() {
		this.running = true;
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
		return this.phase;
	}

}
