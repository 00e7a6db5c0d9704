package dev.llmproxy.limit;

import java.util.Arrays;

/**
 * What was used within the last window, in {@value #SLOTS} slots. A slot counts until all
 * of it is older than the window, so that no window ever holds more than the limit, and
 * 120 parts in 121 of it can be used. Takes no more memory than there are slots in use.
 * Not thread-safe.
 */
final class SlidingWindow {

	static final int SLOTS = 120;

	private final long slotNanos;

	private long[] slots = new long[2];

	private long[] amounts = new long[2];

	/** The oldest of them, and how many there are. */
	private int head;

	private int size;

	private long total;

	/** No clock goes back, but two readers of one may come in the wrong order. */
	private long latest;

	SlidingWindow(long windowNanos) {
		this.slotNanos = windowNanos / SLOTS;
	}

	/** Forgets what is too old, and tells what is left. */
	long used(long now) {
		long slot = slot(now);
		while (this.size > 0 && slot - this.slots[this.head] > SLOTS) {
			this.total -= this.amounts[this.head];
			this.head = (this.head + 1) % this.slots.length;
			this.size--;
		}
		return this.total;
	}

	/**
	 * Uses some.
	 * @return the slot, for {@link #giveBack}
	 */
	long add(long now, long amount) {
		used(now);
		long slot = slot(now);
		int last = (this.head + this.size - 1 + this.slots.length) % this.slots.length;
		if (this.size > 0 && this.slots[last] == slot) {
			this.amounts[last] += amount;
		}
		else {
			append(slot, amount);
		}
		this.total += amount;
		return slot;
	}

	private void append(long slot, long amount) {
		if (this.size == this.slots.length) {
			grow();
		}
		int next = (this.head + this.size) % this.slots.length;
		this.slots[next] = slot;
		this.amounts[next] = amount;
		this.size++;
	}

	private void grow() {
		int length = this.slots.length;
		long[] slots = Arrays.copyOf(this.slots, length * 2);
		long[] amounts = Arrays.copyOf(this.amounts, length * 2);
		for (int i = 0; i < length; i++) {
			slots[i] = this.slots[(this.head + i) % length];
			amounts[i] = this.amounts[(this.head + i) % length];
		}
		this.slots = slots;
		this.amounts = amounts;
		this.head = 0;
	}

	/** Takes back some of what was used in a slot, if that still counts. */
	void giveBack(long slot, long amount) {
		for (int i = this.size - 1; i >= 0; i--) {
			int index = (this.head + i) % this.slots.length;
			if (this.slots[index] == slot) {
				long back = Math.min(amount, this.amounts[index]);
				this.amounts[index] -= back;
				this.total -= back;
				return;
			}
		}
	}

	/** How long until so much is left at most; 0 if that is so already. */
	long waitFor(long now, long most) {
		long left = used(now);
		for (int i = 0; i < this.size && left > most; i++) {
			int index = (this.head + i) % this.slots.length;
			left -= this.amounts[index];
			if (left <= most) {
				return ends(this.slots[index]) - this.latest;
			}
		}
		return 0;
	}

	/** How long until nothing counts any more. */
	long reset(long now) {
		return waitFor(now, 0);
	}

	private long ends(long slot) {
		return (slot + SLOTS + 1) * this.slotNanos;
	}

	private long slot(long now) {
		this.latest = Math.max(this.latest, now);
		return this.latest / this.slotNanos;
	}

	void clear() {
		this.size = 0;
		this.total = 0;
	}

}
