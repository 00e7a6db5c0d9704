package dev.llmproxy.observability.log;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Keeps logs apart from what is logged: events wait here for one thread that writes them,
 * however long that takes. What finds no room is dropped and counted. Thread-safe.
 */
final class LogQueue implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(LogQueue.class);

	/** Waking a thread costs its waker more than the event, so that it is done rarely. */
	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

	/** Written together, so that none of them waits long. */
	private static final int MOST_TOGETHER = 100;

	private final Queue<Entry> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger held = new AtomicInteger();

	private final int capacity;

	private final Duration patience;

	private final LogTarget target;

	private final LongAdder dropped = new LongAdder();

	private final Thread thread;

	private volatile boolean idle;

	private volatile boolean closed;

	/** Drops that were told of; used by the thread only. */
	private long told;

	/** Drops when everything was last written; used by the thread only. */
	private long settled;

	private boolean dropping;

	/**
	 * Creates the queue.
	 * @param capacity how much may wait, in the weights of its entries
	 * @param patience how long closing may wait for what has not been written
	 * @param target where it is written to
	 */
	private LogQueue(int capacity, Duration patience, LogTarget target) {
		this.capacity = capacity;
		this.patience = patience;
		this.target = target;
		this.thread = new Thread(this::run, "llm-proxy-log");
		this.thread.setDaemon(true);
	}

	static LogQueue start(int capacity, Duration patience, LogTarget target) {
		LogQueue queue = new LogQueue(capacity, patience, target);
		queue.thread.start();
		return queue;
	}

	/** Hands over what is to be written. Never waits. */
	void offer(Entry entry) {
		if (this.closed || this.held.get() >= this.capacity) {
			this.dropped.increment();
			return;
		}
		this.held.addAndGet(entry.weight());
		this.waiting.add(entry);
		if (this.idle) {
			this.idle = false;
			LockSupport.unpark(this.thread);
		}
	}

	/** Events that were lost since it began, because there was no room or they failed. */
	long dropped() {
		return this.dropped.sum();
	}

	boolean isEmpty() {
		return this.waiting.isEmpty();
	}

	private void run() {
		while (true) {
			boolean wrote = drain();
			if (this.closed && this.waiting.isEmpty()) {
				return;
			}
			if (wrote && !this.closed) {
				LockSupport.parkNanos(this, PAUSE);
			}
			else {
				this.idle = true;
				if (this.waiting.isEmpty() && !this.closed) {
					LockSupport.park(this);
				}
				this.idle = false;
			}
		}
	}

	private boolean drain() {
		boolean wrote = false;
		while (!this.waiting.isEmpty()) {
			this.target.together(this::writeSome);
			wrote = true;
		}
		if (this.dropping && this.dropped.sum() == this.settled) {
			this.dropping = false;
			tell("The access log is written again; " + (this.settled - this.told) + " events were lost.");
			this.told = this.settled;
		}
		this.settled = this.dropped.sum();
		return wrote || this.dropping;
	}

	private void writeSome() {
		for (int i = 0; i < MOST_TOGETHER; i++) {
			Entry entry = this.waiting.poll();
			if (entry == null) {
				return;
			}
			this.held.addAndGet(-entry.weight());
			write(entry);
			tellOfDrops();
		}
	}

	private void write(Entry entry) {
		try {
			entry.write();
			if (this.target.lost()) {
				this.dropped.increment();
			}
		}
		catch (RuntimeException | Error ex) {
			// Whatever an appender does, the next event is written.
			this.dropped.increment();
		}
	}

	private void tellOfDrops() {
		if (!this.dropping && this.dropped.sum() > this.told) {
			this.dropping = true;
			tell("The access log can't keep up, or can't be written: events are lost.");
		}
	}

	/**
	 * Told from this thread and no other: who writes to a log that is stuck is stuck.
	 */
	private static void tell(String message) {
		try {
			logger.warn(message);
		}
		catch (RuntimeException | Error ex) {
			// The log is what fails. The counter has it.
		}
	}

	/** Waits for what is to be written yet, but not for ever. */
	@Override
	public void close() {
		this.closed = true;
		LockSupport.unpark(this.thread);
		try {
			this.thread.join(this.patience.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.thread.isAlive()) {
			this.thread.interrupt();
		}
	}

	/** Something to be written. */
	interface Entry {

		void write();

		/** How much room it takes: 1 for an event. */
		default int weight() {
			return 1;
		}

	}

}
