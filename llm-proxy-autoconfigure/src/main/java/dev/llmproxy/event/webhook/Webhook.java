package dev.llmproxy.event.webhook;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import dev.llmproxy.dialect.RandomIds;
import dev.llmproxy.event.EventJson;
import dev.llmproxy.event.GatewayEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Delivers messages to one address, on threads of its own. What fails is tried again
 * later, and others meanwhile, so the order is not kept; after the last try it goes to
 * the dead letters. Thread-safe, and not for event loops: to hand over a message may wait
 * for a lock.
 */
public final class Webhook {

	private static final Log logger = LogFactory.getLog(Webhook.class);

	private final DelayQueue<Delivery> queue = new DelayQueue<>();

	/** Messages that wait, are under way or between two tries. */
	private final AtomicInteger open = new AtomicInteger();

	private final LongAdder delivered = new LongAdder();

	private final LongAdder retried = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder dropped = new LongAdder();

	private final WebhookSettings settings;

	private final WebhookClient client;

	private final DeadLetters letters;

	private final InstantSource clock;

	private final Backoff backoff;

	private final List<Thread> senders = new ArrayList<>();

	private boolean failing;

	private volatile boolean closed;

	public Webhook(WebhookSettings settings, WebhookClient client, DeadLetters letters, InstantSource clock) {
		this.settings = settings;
		this.client = client;
		this.letters = letters;
		this.clock = clock;
		this.backoff = new Backoff(settings.firstDelay(), settings.longestDelay(),
				() -> ThreadLocalRandom.current().nextDouble());
		for (int i = 0; i < settings.senders(); i++) {
			Thread sender = new Thread(this::run, "llm-webhook-" + settings.name() + "-" + i);
			sender.setDaemon(true);
			this.senders.add(sender);
			sender.start();
		}
	}

	public String name() {
		return this.settings.name();
	}

	/** Delivers an event, soon. */
	public void send(GatewayEvent event) {
		send(EventJson.bytes(event));
	}

	/**
	 * Delivers a message, soon.
	 * @param body JSON
	 */
	public void send(byte[] body) {
		if (this.closed) {
			this.dropped.increment();
			return;
		}
		if (this.open.incrementAndGet() > this.settings.capacity()) {
			this.open.decrementAndGet();
			this.dropped.increment();
			return;
		}
		this.queue.add(new Delivery(RandomIds.next("msg_"), body, 0, System.nanoTime()));
	}

	private void run() {
		while (!this.closed) {
			try {
				attempt(this.queue.take());
			}
			catch (InterruptedException ex) {
				return;
			}
			catch (RuntimeException ex) {
				logger.warn(this.settings + " failed", ex);
			}
		}
	}

	private void attempt(Delivery delivery) throws InterruptedException {
		WebhookClient.Result result;
		try {
			result = this.client.send(this.settings, delivery.id(), delivery.body());
		}
		catch (InterruptedException ex) {
			giveUp(delivery, "shutdown");
			throw ex;
		}
		String failure = result.failure();
		told(failure);
		if (failure == null) {
			this.delivered.increment();
			this.open.decrementAndGet();
		}
		else if (result.again() && delivery.tries() + 1 < this.settings.tries()) {
			this.retried.increment();
			Duration wait = this.backoff.after(delivery.tries() + 1, result.pause());
			this.queue.add(delivery.again(System.nanoTime() + wait.toNanos()));
		}
		else {
			giveUp(delivery.again(0), failure);
		}
	}

	private void giveUp(Delivery delivery, String reason) {
		this.failed.increment();
		this.open.decrementAndGet();
		this.letters.add(this.clock.instant(), this.settings.name(), delivery.id(), delivery.tries(), reason,
				delivery.body());
	}

	/** Each change is logged once. */
	private synchronized void told(@Nullable String failure) {
		if (failure != null && !this.failing) {
			logger.warn("Webhook '" + this.settings.name() + "' can't be delivered (" + failure
					+ "); messages are tried again, and put aside after " + this.settings.tries() + " tries");
		}
		else if (failure == null && this.failing) {
			logger.info("Webhook '" + this.settings.name() + "' is delivered again");
		}
		this.failing = failure != null;
	}

	/** What became of messages so far. */
	public Stats stats() {
		return new Stats(this.delivered.sum(), this.retried.sum(), this.failed.sum(), this.dropped.sum(),
				this.open.get());
	}

	/**
	 * Delivers what waits, and gives up what can't be delivered within this time, or
	 * would have to be tried again.
	 */
	public void close(Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		try {
			while (due() && System.nanoTime() - deadline < 0) {
				TimeUnit.MILLISECONDS.timedJoin(this.senders.get(0), 5);
			}
			this.closed = true;
			for (Thread sender : this.senders) {
				sender.interrupt();
				sender.join(1000);
			}
		}
		catch (InterruptedException ex) {
			this.closed = true;
			Thread.currentThread().interrupt();
		}
		// What is not due yet is only seen by an iterator.
		for (Delivery rest : this.queue.toArray(Delivery[]::new)) {
			if (this.queue.remove(rest)) {
				giveUp(rest, "shutdown");
			}
		}
	}

	/** Whether something is under way, or waits for no more than its turn. */
	private boolean due() {
		return this.open.get() > this.queue.size()
				|| this.queue.stream().anyMatch((delivery) -> delivery.getDelay(TimeUnit.NANOSECONDS) <= 0);
	}

	/**
	 * What became of messages.
	 *
	 * @param retried tries that failed and were not the last
	 * @param failed messages that were given up
	 * @param dropped messages for which there was no room
	 * @param open messages that wait, are under way or between two tries
	 */
	public record Stats(long delivered, long retried, long failed, long dropped, int open) {
	}

}
