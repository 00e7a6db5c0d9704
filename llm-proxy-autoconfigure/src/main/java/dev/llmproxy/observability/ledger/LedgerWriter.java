package dev.llmproxy.observability.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.llmproxy.dialect.RandomIds;
import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.observability.cost.ChargeListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes charges into the ledger, in batches and on a thread of its own, which sleeps
 * while there is nothing to write. Whoever is charged never waits: when the queue is full
 * charges are dropped and counted. A store that fails is tried again, with longer and
 * longer waits, while the queue holds what comes.
 * <p>
 * What is lost when the process is killed are the charges that wait: those of the last
 * {@link LedgerSettings#interval()}, or of the batch that is being written, as long as
 * the store keeps up. Thread-safe.
 */
public final class LedgerWriter implements ChargeListener {

	private static final Log logger = LogFactory.getLog(LedgerWriter.class);

	private static final Duration FIRST_WAIT = Duration.ofMillis(100);

	private final UsageLedger ledger;

	private final LedgerSettings settings;

	private final Queue<Charge> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicLong dropped = new AtomicLong();

	private final AtomicLong written = new AtomicLong();

	private final AtomicLong failures = new AtomicLong();

	private final AtomicBoolean full = new AtomicBoolean();

	private volatile boolean failing;

	private volatile boolean stopping;

	private volatile @Nullable Thread thread;

	/** When a stop gives up, as {@link System#nanoTime()} tells it. */
	private volatile long end;

	/** Of the writing thread alone, from here on. */
	private final String ids = RandomIds.next("");

	private long lastId;

	private boolean opened;

	public LedgerWriter(UsageLedger ledger, LedgerSettings settings) {
		this.ledger = ledger;
		this.settings = settings;
	}

	@Override
	public void charged(Charge charge) {
		int before = this.waiting.getAndIncrement();
		if (before >= this.settings.queue()) {
			this.waiting.decrementAndGet();
			drop();
			return;
		}
		this.queue.add(charge);
		// The first one wakes it, and so does the one that makes a batch complete.
		if (before == 0 || before + 1 == this.settings.batch()) {
			LockSupport.unpark(this.thread);
		}
	}

	private void drop() {
		this.dropped.incrementAndGet();
		if (this.full.compareAndSet(false, true)) {
			logger.error("The usage ledger can't keep up: charges are dropped, and counted as such");
		}
	}

	/** Begins to write. */
	public synchronized void start() {
		if (this.thread == null) {
			this.stopping = false;
			Thread thread = new Thread(this::run, "llm-proxy-ledger");
			thread.setDaemon(true);
			this.thread = thread;
			thread.start();
		}
	}

	/**
	 * Writes what waits and ends; waits for that as long as the settings say.
	 */
	public synchronized void stop() {
		Thread thread = this.thread;
		if (thread == null) {
			return;
		}
		this.end = System.nanoTime() + this.settings.lastChance().toNanos();
		this.stopping = true;
		LockSupport.unpark(thread);
		try {
			thread.join(this.settings.lastChance().toMillis() + 1000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.thread = null;
	}

	public boolean isRunning() {
		return this.thread != null;
	}

	/** How it does. */
	public Stats stats() {
		return new Stats(this.written.get(), this.dropped.get(), this.waiting.get(), this.failures.get(), this.failing);
	}

	private void run() {
		boolean goesOn = write(List.of());
		while (goesOn) {
			if (this.waiting.get() > 0) {
				gather();
				goesOn = write(batch());
			}
			else if (this.stopping) {
				return;
			}
			else {
				LockSupport.park(this);
			}
		}
		int lost = this.waiting.get();
		if (lost > 0) {
			this.dropped.addAndGet(lost);
			logger.error("The usage ledger could not be written before the end; charges that are lost: " + lost);
		}
	}

	/** Waits until there is a whole batch, or for the interval. */
	private void gather() {
		long until = System.nanoTime() + this.settings.interval().toNanos();
		long left = until - System.nanoTime();
		while (this.waiting.get() < this.settings.batch() && left > 0 && !this.stopping) {
			LockSupport.parkNanos(this, left);
			left = until - System.nanoTime();
		}
	}

	/** They count as waiting until they are written. */
	private List<LedgerEntry> batch() {
		List<LedgerEntry> batch = new ArrayList<>(Math.min(this.settings.batch(), this.waiting.get()));
		while (batch.size() < this.settings.batch()) {
			Charge charge = this.queue.poll();
			if (charge == null) {
				break;
			}
			batch.add(LedgerEntry.of(charge, this.ids + "-" + Long.toHexString(++this.lastId)));
		}
		return batch;
	}

	/** Writes it, however often that takes; {@code false} if there is no time left. */
	private boolean write(List<LedgerEntry> batch) {
		long wait = FIRST_WAIT.toNanos();
		while (!attempt(batch)) {
			if (this.stopping && (this.waiting.get() == 0 || System.nanoTime() - this.end >= 0)) {
				return false;
			}
			pause(wait);
			wait = Math.min(wait * 2, this.settings.retryMost().toNanos());
		}
		this.written.addAndGet(batch.size());
		int left = this.waiting.addAndGet(-batch.size());
		if (left <= this.settings.queue() / 2 && this.full.compareAndSet(true, false)) {
			logger.warn("The usage ledger has room again; " + this.dropped.get() + " charges were dropped so far");
		}
		return true;
	}

	/** Waits; not for long if there is not long to go. */
	private void pause(long nanos) {
		long until = System.nanoTime() + nanos;
		long left = nanos;
		while (left > 0 && !this.stopping) {
			LockSupport.parkNanos(this, left);
			left = until - System.nanoTime();
		}
		if (this.stopping) {
			LockSupport.parkNanos(this, FIRST_WAIT.toNanos());
		}
	}

	private boolean attempt(List<LedgerEntry> batch) {
		try {
			if (!this.opened) {
				this.ledger.open();
				this.opened = true;
			}
			if (!batch.isEmpty()) {
				this.ledger.append(batch);
			}
		}
		catch (RuntimeException | LinkageError ex) {
			this.failures.incrementAndGet();
			if (!this.failing) {
				this.failing = true;
				logger.error("The usage ledger can't be written; what is charged waits in memory", ex);
			}
			return false;
		}
		if (this.failing) {
			this.failing = false;
			logger.warn("The usage ledger is written again");
		}
		return true;
	}

	/**
	 * How it does.
	 *
	 * @param written entries since the start
	 * @param dropped charges since the start for which there was no room, or no time at
	 * the end
	 * @param waiting charges that are not written yet
	 * @param failures attempts to write that failed
	 * @param failing whether the last one did
	 */
	public record Stats(long written, long dropped, int waiting, long failures, boolean failing) {
	}

}
