package dev.llmproxy.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SlidingWindowTest {

	private static final long WINDOW = 60_000_000_000L;

	private static final long SLOT = WINDOW / SlidingWindow.SLOTS;

	private final SlidingWindow window = new SlidingWindow(WINDOW);

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void fault68_noWindowHoldsMoreThanTheLimitAndHardlyLess(long seed) {
		Random random = new Random(seed);
		Deque<long[]> exact = new ArrayDeque<>();
		long limit = 1 + random.nextInt(1000);
		long now = 0;
		long admitted = 0;
		long mostInWindow = 0;
		while (now < 20 * WINDOW) {
			// Greedy: always more than there is room for.
			now += random.nextInt((int) (SLOT / 4));
			long left = limit - this.window.used(now);
			if (left > 0) {
				long amount = 1 + random.nextLong(left);
				this.window.add(now, amount);
				exact.add(new long[] { now, amount });
				admitted += amount;
			}
			long begin = now - WINDOW;
			exact.removeIf((use) -> use[0] <= begin);
			mostInWindow = Math.max(mostInWindow, exact.stream().mapToLong((use) -> use[1]).sum());
		}
		assertThat(mostInWindow).isEqualTo(limit);
		assertThat((double) admitted / (20 * limit)).isGreaterThanOrEqualTo(0.99);
	}

	@Test
	void tellsHowLongToWait() {
		this.window.add(0, 5);
		this.window.add(10 * SLOT, 3);
		assertThat(this.window.waitFor(10 * SLOT, 8)).isZero();
		assertThat(this.window.waitFor(10 * SLOT, 3)).isEqualTo(WINDOW + SLOT - 10 * SLOT);
		assertThat(this.window.waitFor(10 * SLOT, 2)).isEqualTo(WINDOW + SLOT);
		assertThat(this.window.reset(10 * SLOT)).isEqualTo(WINDOW + SLOT);
	}

	@Test
	void hasRoomOnceTheWaitIsOver() {
		this.window.add(7, 5);
		long wait = this.window.waitFor(9, 0);
		assertThat(this.window.used(9 + wait - 1)).isEqualTo(5);
		assertThat(this.window.used(9 + wait)).isZero();
	}

	@Test
	void takesBackWhatStillCounts() {
		long slot = this.window.add(0, 5);
		this.window.giveBack(slot, 3);
		assertThat(this.window.used(0)).isEqualTo(2);
		this.window.giveBack(slot, 3);
		assertThat(this.window.used(0)).isZero();
		assertThat(this.window.used(3 * WINDOW)).isZero();
		this.window.giveBack(slot, 3);
		assertThat(this.window.used(3 * WINDOW)).isZero();
	}

	@Test
	void fault69_aClockThatGoesBackFreesNothingAndNeverHasAnybodyWaitForLess() {
		this.window.add(100 * SLOT, 5);
		assertThat(this.window.used(3 * SLOT)).isEqualTo(5);
		this.window.add(3 * SLOT, 1);
		assertThat(this.window.used(100 * SLOT)).isEqualTo(6);
		assertThat(this.window.waitFor(3 * SLOT, 0)).isBetween(1L, WINDOW + SLOT);
	}

	@Test
	void forgetsAllAtOnceAfterALongPause() {
		for (int i = 0; i < 200; i++) {
			this.window.add(i * SLOT, 1);
		}
		assertThat(this.window.used(199 * SLOT)).isEqualTo(SlidingWindow.SLOTS + 1);
		assertThat(this.window.used(1000 * SLOT)).isZero();
	}

}
