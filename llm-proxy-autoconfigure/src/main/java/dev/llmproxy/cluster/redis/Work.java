package dev.llmproxy.cluster.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.event.EventQueue;
import reactor.core.publisher.Mono;

/**
 * What is to be done, one after the other on a thread of its own. Whoever offers
 * something never waits. Thread-safe.
 */
final class Work {

	private final AtomicInteger messages = new AtomicInteger();

	private final EventQueue<Runnable> queue;

	private final int most;

	/**
	 * Creates it.
	 * @param most messages that may wait
	 * @param others what else may wait
	 */
	Work(int most, int others) {
		this.most = most;
		this.queue = new EventQueue<>("llm-cluster", most + others, Runnable::run);
	}

	void start() {
		this.queue.start();
	}

	/** Takes what operators say, and what Redis answers. */
	boolean offer(Runnable task) {
		return this.queue.offer(task);
	}

	/** Takes a message, of which there may be many. */
	boolean ifRoom(Runnable task) {
		boolean room = this.messages.incrementAndGet() <= this.most && this.queue.offer(() -> {
			this.messages.decrementAndGet();
			task.run();
		});
		if (!room) {
			this.messages.decrementAndGet();
		}
		return room;
	}

	/** When all that waits now is done. */
	Mono<Void> done() {
		return Mono.create((done) -> {
			if (!offer(done::success)) {
				done.success();
			}
		});
	}

	void close(Duration patience) {
		this.queue.close(patience);
	}

}
