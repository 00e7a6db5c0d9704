package dev.llmproxy.gateway;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import dev.llmproxy.gateway.MemoryBudget.Use;

/**
 * Bytes that one holder has of the budget, given back once, whoever comes first to do it.
 * Thread-safe: a caller may leave while its body still comes in.
 */
public final class Holding implements AutoCloseable {

	private static final AtomicLongFieldUpdater<Holding> BYTES = AtomicLongFieldUpdater.newUpdater(Holding.class,
			"bytes");

	private static final long CLOSED = -1;

	private final MemoryBudget memory;

	private final Use use;

	private volatile long bytes;

	/** Creates one that holds nothing yet. */
	public Holding(MemoryBudget memory, Use use) {
		this.memory = memory;
		this.use = use;
	}

	/**
	 * Holds that many from now on. One that was closed stays empty.
	 * @return whether they are granted; if not, it holds as many as before
	 */
	public boolean resize(long wanted) {
		while (true) {
			long held = this.bytes;
			if (held == CLOSED || held == wanted) {
				return true;
			}
			if (wanted > held && !this.memory.reserve(this.use, wanted - held)) {
				return false;
			}
			if (BYTES.compareAndSet(this, held, wanted)) {
				if (wanted < held) {
					this.memory.release(this.use, held - wanted);
				}
				return true;
			}
			if (wanted > held) {
				this.memory.release(this.use, wanted - held);
			}
		}
	}

	@Override
	public void close() {
		long held = BYTES.getAndSet(this, CLOSED);
		if (held > 0) {
			this.memory.release(this.use, held);
		}
	}

}
