package dev.llmproxy.limit;

import java.time.Duration;
import java.util.List;

import dev.llmproxy.interleaving.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** However threads interleave, all demands of a call are met in one step, or none. */
@Tag("interleaving")
class CountersInterleavingsTest {

	@Test
	void callsAreAdmittedAsIfOneCameAfterTheOther() {
		Interleavings.check(Calls.class);
	}

	/** Calls of two rules that share one, which is the scarcer. */
	public static class Calls {

		private static final Demand WIDE = new Demand(new Quota("wide", 4, 30, 3, Duration.ofMinutes(1)), "all");

		private static final Demand NARROW = new Demand(new Quota("narrow", 2, 0, 0, Duration.ofMinutes(1)), "a");

		private final Counters wide = new Counters(WIDE);

		private final Counters narrow = new Counters(NARROW);

		@Operation
		public boolean both() {
			return take(List.of(WIDE, NARROW), this.wide, this.narrow);
		}

		@Operation
		public boolean wide() {
			return take(List.of(WIDE), this.wide);
		}

		@Operation
		public boolean narrow() {
			return take(List.of(NARROW), this.narrow);
		}

		@Operation
		public void oneIsOver() {
			this.wide.end(0, 0, 5, true);
		}

		@Operation
		public void oneWasNotMade() {
			this.wide.end(0, 0, -10, false);
			this.narrow.end(0, 0, 0, false);
		}

		@Operation
		public String used() {
			Standing standing = this.wide.standing(0);
			return standing.requests() + " " + standing.tokens() + " " + standing.concurrency();
		}

		private static boolean take(List<Demand> demands, Counters... counters) {
			return Counters.take(demands, counters, new long[counters.length], 0, 0, 10) == null;
		}

	}

}
