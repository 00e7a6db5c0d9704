package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Has the server stop later than its readiness says that it does. Everything else waits:
 * whatever a load balancer still sends is served as ever.
 */
final class DrainDelay implements SmartLifecycle {

	private final Duration delay;

	private volatile boolean running;

	DrainDelay(Duration delay) {
		this.delay = delay;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public void stop(Runnable callback) {
		stop();
		CompletableFuture.delayedExecutor(this.delay.toNanos(), TimeUnit.NANOSECONDS).execute(callback);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		// Before the server's sockets are closed, and before calls under way are waited
		// for; phases stop in descending order.
		return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 3;
	}

}
