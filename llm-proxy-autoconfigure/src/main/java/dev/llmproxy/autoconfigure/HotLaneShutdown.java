package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.web.HotLane;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the server from stopping while the lane serves requests, of which it does not
 * know: it would take their connections for idle and close them. So the lane stops in the
 * phase before the server's own graceful shutdown, for as long as a phase may take;
 * requests that come meanwhile are served by WebFlux, and end their connections too.
 */
final class HotLaneShutdown implements SmartLifecycle {

	private static final long TICK_MILLIS = 20;

	private final HotLane lane;

	private final Duration idle;

	private volatile boolean running;

	/**
	 * Creates a shutdown.
	 * @param idle how long connections without a request may stay, in which one may come
	 */
	HotLaneShutdown(HotLane lane, Duration idle) {
		this.lane = lane;
		this.idle = idle;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.lane.drain();
	}

	@Override
	public void stop(Runnable callback) {
		stop();
		ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "llm-proxy-drain");
			thread.setDaemon(true);
			return thread;
		});
		long began = System.nanoTime();
		executor.scheduleWithFixedDelay(() -> {
			boolean waited = System.nanoTime() - began >= this.idle.toNanos();
			if (this.lane.active() == 0 && (waited || this.lane.connections() == 0)) {
				executor.shutdown();
				callback.run();
			}
		}, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		// Phases stop in descending order.
		return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
	}

}
