package dev.llmproxy.observability.status;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * The last pieces of time, each as long as the others. What is too old is overwritten; a
 * piece in which nothing happened takes no memory. Thread-safe.
 */
final class Ring {

	private final AtomicReferenceArray<@Nullable Slot> slots;

	private final long width;

	private final boolean detailed;

	/**
	 * Creates one.
	 * @param size how many pieces
	 * @param width of each, in milliseconds
	 * @param detailed whether errors and latencies are kept
	 */
	Ring(int size, long width, boolean detailed) {
		this.slots = new AtomicReferenceArray<>(size);
		this.width = width;
		this.detailed = detailed;
	}

	int size() {
		return this.slots.length();
	}

	/** The piece to count in. */
	Slot at(long millis) {
		long tick = Math.floorDiv(millis, this.width);
		int index = index(tick);
		while (true) {
			Slot known = this.slots.get(index);
			if (known != null && known.tick() == tick) {
				return known;
			}
			Slot fresh = new Slot(tick, this.detailed);
			// What is too old is counted for nobody.
			if ((known != null && known.tick() > tick) || this.slots.compareAndSet(index, known, fresh)) {
				return fresh;
			}
		}
	}

	/**
	 * The last pieces, the present one last.
	 * @return with {@code null} where nothing happened
	 */
	List<@Nullable Slot> last(long millis, int most) {
		long now = Math.floorDiv(millis, this.width);
		List<@Nullable Slot> last = new ArrayList<>(most);
		for (long tick = now - most + 1; tick <= now; tick++) {
			Slot slot = this.slots.get(index(tick));
			last.add((slot != null && slot.tick() == tick) ? slot : null);
		}
		return last;
	}

	/** Whether there is nothing that is not too old. */
	boolean isIdle(long millis) {
		return last(millis, size()).stream().allMatch((slot) -> slot == null);
	}

	private int index(long tick) {
		return Math.floorMod(tick, this.slots.length());
	}

}
