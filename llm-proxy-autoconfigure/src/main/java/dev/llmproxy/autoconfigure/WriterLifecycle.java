package dev.llmproxy.autoconfigure;

import java.util.function.BooleanSupplier;

import org.springframework.context.SmartLifecycle;

/**
 * Begins to write before the server takes calls, and writes the last of them down after
 * it has let them end.
 */
final class WriterLifecycle implements SmartLifecycle {

	private final Runnable start;

	private final Runnable stop;

	private final BooleanSupplier running;

	WriterLifecycle(Runnable start, Runnable stop, BooleanSupplier running) {
		this.start = start;
		this.stop = stop;
		this.running = running;
	}

	@Override
	public void start() {
		this.start.run();
	}

	@Override
	public void stop() {
		this.stop.run();
	}

	@Override
	public boolean isRunning() {
		return this.running.getAsBoolean();
	}

	@Override
	public int getPhase() {
		// Phases stop in descending order; the server's are the highest.
		return 0;
	}

}
