package dev.llmproxy.event;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Hands values to a consumer, one after the other, on a thread of its own. Whoever offers
 * one never waits, also not for a lock, so event loops may; what finds no room is
 * dropped, and counted. Thread-safe.
 */
public final class EventQueue<T> {

	private static final Log logger = LogFactory.getLog(EventQueue.class);

	private final Queue<T> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger size = new AtomicInteger();

	private final LongAdder dropped = new LongAdder();

	private final String name;

	private final int capacity;

	private final Consumer<? super T> consumer;

	private volatile @Nullable Thread thread;

	private volatile boolean idle;

	private volatile boolean closed;

	/**
	 * Creates one that takes values and hands on none until it is started.
	 * @param name of the thread
	 * @param capacity how many may wait
	 * @param consumer may block; what it throws is logged
	 */
	public EventQueue(String name, int capacity, Consumer<? super T> consumer) {
		if (capacity < 1) {
			throw new IllegalArgumentException("a queue must hold one event at least");
		}
		this.name = name;
		this.capacity = capacity;
		this.consumer = consumer;
	}

	/** Begins, unless that was done. */
	public synchronized void start() {
		if (this.thread == null && !this.closed) {
			Thread thread = new Thread(this::run, this.name);
			thread.setDaemon(true);
			this.thread = thread;
			thread.start();
		}
	}

	/**
	 * Takes a value.
	 * @return whether there was room
	 */
	public boolean offer(T value) {
		if (this.closed) {
			this.dropped.increment();
			return false;
		}
		if (this.size.incrementAndGet() > this.capacity) {
			this.size.decrementAndGet();
			this.dropped.increment();
			return false;
		}
		this.queue.add(value);
		if (this.idle) {
			LockSupport.unpark(this.thread);
		}
		return true;
	}

	/** How many values found no room. */
	public long dropped() {
		return this.dropped.sum();
	}

	private void run() {
		while (true) {
			T value = this.queue.poll();
			if (value != null) {
				this.size.decrementAndGet();
				hand(value);
			}
			else if (this.closed) {
				return;
			}
			else {
				pause();
			}
		}
	}

	/**
	 * Who offers a value after it was looked whether there is one sees that it is idle.
	 */
	private void pause() {
		this.idle = true;
		if (this.queue.isEmpty() && !this.closed) {
			LockSupport.park(this);
		}
		this.idle = false;
	}

	private void hand(T value) {
		try {
			this.consumer.accept(value);
		}
		catch (RuntimeException ex) {
			logger.warn("'" + this.name + "' failed at one event", ex);
		}
	}

	/**
	 * Takes no more, and ends when all that waited was handed on.
	 * @param patience after which the rest is given up
	 */
	public void close(Duration patience) {
		Thread thread;
		synchronized (this) {
			this.closed = true;
			thread = this.thread;
		}
		if (thread == null || thread == Thread.currentThread()) {
			return;
		}
		LockSupport.unpark(thread);
		try {
			thread.join(Math.max(1, patience.toMillis()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (thread.isAlive()) {
			this.queue.clear();
			thread.interrupt();
		}
	}

}
