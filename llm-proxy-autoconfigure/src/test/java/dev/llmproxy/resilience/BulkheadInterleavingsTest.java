package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.interleaving.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** However threads interleave, a bulkhead is neither overrun nor loses a turn. */
@Tag("interleaving")
class BulkheadInterleavingsTest {

	private static final int LIMIT = 1;

	@Test
	void neverMoreTurnsThanThereAreAndNoneIsLost() {
		Interleavings.check(Callers.class);
	}

	/** Callers that take turns, wait for them, or leave before they get one. */
	public static class Callers {

		private final Bulkhead bulkhead = new Bulkhead(Targets.target("a"),
				new BulkheadSettings(BulkheadSettings.Algorithm.FIXED, LIMIT, 1, LIMIT, 2, Duration.ofSeconds(1)));

		private final AtomicInteger inside = new AtomicInteger();

		private final AtomicInteger granted = new AtomicInteger();

		private final AtomicInteger waited = new AtomicInteger();

		@Operation
		public boolean exceeds() {
			return this.bulkhead.tryAcquire() && use();
		}

		@Operation
		public boolean exceedsAfterWaiting() {
			AtomicInteger exceeded = new AtomicInteger();
			if (this.bulkhead.enqueue(() -> {
				this.granted.incrementAndGet();
				exceeded.addAndGet(use() ? 1 : 0);
			})) {
				this.waited.incrementAndGet();
			}
			return exceeded.get() != 0;
		}

		@Operation
		public boolean exceedsAfterLeaving() {
			AtomicInteger exceeded = new AtomicInteger();
			Bulkhead.Waiter waiter = () -> exceeded.addAndGet(use() ? 1 : 0);
			if (this.bulkhead.enqueue(waiter)) {
				this.bulkhead.leave(waiter);
			}
			return exceeded.get() != 0;
		}

		private boolean use() {
			boolean exceeds = this.inside.incrementAndGet() > LIMIT;
			this.inside.decrementAndGet();
			this.bulkhead.release();
			return exceeds;
		}

		@Validate
		public void everyTurnIsBackAndNobodyWaits() {
			if (this.bulkhead.inFlight() != 0 || this.bulkhead.waiting() != 0
					|| this.granted.get() != this.waited.get()) {
				throw new IllegalStateException(this.bulkhead.inFlight() + " turns taken, " + this.bulkhead.waiting()
						+ " wait, " + this.granted + " of " + this.waited + " had one");
			}
		}

	}

}
