package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.function.Supplier;

import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/** Begins before the server takes calls, and does not keep it from that for long. */
final class StoreLifecycle implements SmartLifecycle {

	private static final Duration FIRST_ANSWER = Duration.ofSeconds(2);

	private final Supplier<Mono<Void>> start;

	private final Runnable stop;

	private volatile boolean running;

	StoreLifecycle(Supplier<Mono<Void>> start, Runnable stop) {
		this.start = start;
		this.stop = stop;
	}

	@Override
	public void start() {
		this.running = true;
		this.start.get().timeout(FIRST_ANSWER, Mono.empty()).block();
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
