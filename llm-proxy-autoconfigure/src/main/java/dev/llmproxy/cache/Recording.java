package dev.llmproxy.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.llmproxy.gateway.MemoryBudget;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a streamed answer so far, for any number of readers. As long as it
 * fits it is kept from the beginning; after that no longer than until all readers have
 * read it. Guarded by its own lock, which is held for moments only.
 */
final class Recording<T> {

	/** What one piece costs beside its bytes. */
	private static final int PER_ITEM = 48;

	private final List<T> items = new ArrayList<>();

	private final ToLongFunction<T> size;

	private final long limit;

	private final MemoryBudget budget;

	/** Pieces that were dropped from the beginning. */
	private int dropped;

	private long reserved;

	private boolean whole = true;

	private boolean settled;

	private boolean ended;

	private @Nullable Throwable failure;

	Recording(ToLongFunction<T> size, long limit, MemoryBudget budget) {
		this.size = size;
		this.limit = limit;
		this.budget = budget;
	}

	/**
	 * Adds a piece.
	 * @return whether all pieces are still kept
	 */
	synchronized boolean add(T item) {
		this.items.add(item);
		long bytes = this.size.applyAsLong(item) + PER_ITEM;
		if (this.whole && !this.settled) {
			if (this.reserved + bytes > this.limit || this.budget.pressure() != MemoryBudget.Pressure.NONE
					|| !this.budget.reserve(MemoryBudget.Use.RECORDING, bytes)) {
				giveUp();
			}
			else {
				this.reserved += bytes;
			}
		}
		return this.whole;
	}

	/** Nobody who comes later can read it from the beginning. */
	private void giveUp() {
		this.whole = false;
		release();
	}

	private void release() {
		this.budget.release(MemoryBudget.Use.RECORDING, this.reserved);
		this.reserved = 0;
	}

	synchronized void end(@Nullable Throwable failure) {
		this.ended = true;
		this.failure = failure;
	}

	/** Forgets what nobody needs any more, unless all of it is kept. */
	synchronized void forget(int position) {
		if (!this.whole && position > this.dropped) {
			this.items.subList(0, Math.min(position - this.dropped, this.items.size())).clear();
			this.dropped = position;
		}
	}

	/** The piece at a position; {@code null} if it has not come. */
	synchronized @Nullable T item(int position) {
		int index = position - this.dropped;
		return (index < this.items.size()) ? this.items.get(index) : null;
	}

	/** Whether nothing will come at a position, or after it. */
	synchronized boolean endedAt(int position) {
		return this.ended && position - this.dropped >= this.items.size();
	}

	synchronized @Nullable Throwable failure() {
		return this.failure;
	}

	synchronized int size() {
		return this.dropped + this.items.size();
	}

	/** All of it; {@code null} if it is not whole, or not complete. */
	synchronized @Nullable List<T> complete() {
		return (this.whole && this.ended && this.failure == null) ? List.copyOf(this.items) : null;
	}

	/** Nobody reads it any more. */
	synchronized void settle() {
		this.settled = true;
		release();
	}

}
