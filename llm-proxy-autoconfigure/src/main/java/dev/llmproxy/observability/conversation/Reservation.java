package dev.llmproxy.observability.conversation;

import dev.llmproxy.gateway.MemoryBudget;

/**
 * The bytes that one conversation holds. When there is no room for more of them it gives
 * up and holds none. The steps follow one another, but may do so on different threads.
 */
final class Reservation {

	private final MemoryBudget budget;

	private final long longest;

	private long bytes;

	private boolean whole = true;

	Reservation(MemoryBudget budget, long longest) {
		this.budget = budget;
		this.longest = longest;
	}

	/** Takes more bytes; {@code false} if the conversation is not kept. */
	synchronized boolean grow(long more) {
		if (!this.whole) {
			return false;
		}
		if (this.bytes + more > this.longest || !this.budget.reserve(MemoryBudget.Use.RECORDING, more)) {
			this.whole = false;
			release();
			return false;
		}
		this.bytes += more;
		return true;
	}

	synchronized boolean isWhole() {
		return this.whole;
	}

	/** Hands the bytes over; whoever gets them gives them back. */
	synchronized long taken() {
		long taken = this.bytes;
		this.bytes = 0;
		this.whole = false;
		return taken;
	}

	/** Gives back what was not handed over. */
	synchronized void release() {
		this.budget.release(MemoryBudget.Use.RECORDING, this.bytes);
		this.bytes = 0;
	}

}
