package dev.llmproxy.gateway;

import java.util.Map;

import dev.llmproxy.interleaving.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * However threads interleave, nobody sees some of one configuration and some of another.
 */
@Tag("interleaving")
class SnapshotInterleavingsTest {

	@Test
	void allPartsChangeInOneStep() {
		Interleavings.stress(Swaps.class);
	}

	/** Configurations of two parts, which tell the same number. */
	public static class Swaps {

		private final LiveSnapshot live = new LiveSnapshot();

		public Swaps() {
			this.live.add(Integer.class, 0);
			this.live.add(String.class, "0");
		}

		@Operation
		public long toOne() {
			return swap(1);
		}

		@Operation
		public long toTwo() {
			return swap(2);
		}

		private long swap(int number) {
			return this.live.replace(Map.of(Integer.class, number, String.class, Integer.toString(number)))
				.generation();
		}

		@Operation
		public String read() {
			Snapshot snapshot = this.live.current();
			return snapshot.generation() + ": " + snapshot.get(Integer.class) + " " + snapshot.get(String.class);
		}

		@Operation
		public Integer one() {
			return this.live.get(Integer.class);
		}

	}

}
