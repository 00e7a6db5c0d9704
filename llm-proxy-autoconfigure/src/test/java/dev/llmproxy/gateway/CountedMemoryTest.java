package dev.llmproxy.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.gateway.MemoryBudget.Pressure;
import dev.llmproxy.gateway.MemoryBudget.Use;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Tag("once")
class CountedMemoryTest {

	private final CountedMemory memory = memory(100);

	private final List<Pressure> told = new ArrayList<>();

	private static CountedMemory memory(long limit) {
		return new CountedMemory(new MemoryMarks(limit, 0.75, 0.9, 0.05));
	}

	@Test
	void pressureRisesAtItsMarksAndFallsSomeWayBelowThem() {
		this.memory.onPressure(this.told::add);
		this.memory.reserve(Use.REQUEST, 74);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.NONE);
		this.memory.reserve(Use.REQUEST, 1);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.HIGH);
		this.memory.reserve(Use.REQUEST, 15);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.CRITICAL);
		this.memory.release(Use.REQUEST, 5);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.CRITICAL);
		this.memory.release(Use.REQUEST, 1);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.HIGH);
		this.memory.reserve(Use.REQUEST, 5);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.HIGH);
		this.memory.release(Use.REQUEST, 19);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.HIGH);
		this.memory.release(Use.REQUEST, 1);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.NONE);
		assertThat(this.told).containsExactly(Pressure.HIGH, Pressure.CRITICAL, Pressure.HIGH, Pressure.NONE);
	}

	@Test
	void oneStepMayGoBeyondBothMarks() {
		this.memory.onPressure(this.told::add);
		this.memory.reserve(Use.REQUEST, 95);
		this.memory.release(Use.REQUEST, 95);
		assertThat(this.told).containsExactly(Pressure.CRITICAL, Pressure.NONE);
	}

	@Test
	void whatGivesWayIsGrantedUpToTheFirstMarkAndNeverUnderPressure() {
		assertThat(this.memory.reserve(Use.CACHE, 75)).isFalse();
		assertThat(this.memory.reserve(Use.CACHE, 74)).isTrue();
		assertThat(this.memory.pressure()).isEqualTo(Pressure.NONE);
		assertThat(this.memory.reserve(Use.RECORDING, 1)).isFalse();
		this.memory.reserve(Use.REQUEST, 10);
		this.memory.release(Use.CACHE, 10);
		assertThat(this.memory.used()).isEqualTo(74);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.HIGH);
		assertThat(this.memory.reserve(Use.CACHE, 0)).isFalse();
		assertThat(this.memory.reserve(Use.RECORDING, 0)).isFalse();
		assertThat(this.memory.reserve(Use.REQUEST, 1)).isTrue();
	}

	@Test
	void callsAreGrantedUpToTheLimitAndLiveStreamsBeyond() {
		assertThat(this.memory.reserve(Use.REQUEST, 101)).isFalse();
		assertThat(this.memory.used()).isZero();
		assertThat(this.memory.reserve(Use.REQUEST, 100)).isTrue();
		assertThat(this.memory.reserve(Use.REQUEST, 1)).isFalse();
		assertThat(this.memory.reserve(Use.REQUEST, Long.MAX_VALUE)).isFalse();
		assertThat(this.memory.reserve(Use.STREAM, 50)).isTrue();
		assertThat(this.memory.used()).isEqualTo(150);
		assertThat(this.memory.used(Use.STREAM)).isEqualTo(50);
	}

	@Test
	void aListenerMayReleaseAndAllHearOfEachChangeInItsOrder() {
		List<Pressure> others = new ArrayList<>();
		this.memory.reserve(Use.CACHE, 30);
		this.memory.onPressure((pressure) -> {
			this.told.add(pressure);
			if (pressure == Pressure.HIGH) {
				this.memory.release(Use.CACHE, 30);
			}
		});
		this.memory.onPressure(others::add);
		this.memory.reserve(Use.REQUEST, 50);
		assertThat(this.told).containsExactly(Pressure.HIGH, Pressure.NONE);
		assertThat(others).isEqualTo(this.told);
		assertThat(this.memory.pressure()).isEqualTo(Pressure.NONE);
	}

	@Test
	void aListenerThatFailsHarmsNobody() {
		this.memory.onPressure((pressure) -> {
			throw new IllegalStateException("meant to");
		});
		this.memory.onPressure(this.told::add);
		assertThat(this.memory.reserve(Use.REQUEST, 80)).isTrue();
		this.memory.release(Use.REQUEST, 80);
		assertThat(this.told).containsExactly(Pressure.HIGH, Pressure.NONE);
	}

	@Test
	void theHigherOfWhatIsCountedAndWhatIsFeltHolds() {
		this.memory.onPressure(this.told::add);
		this.memory.feel(Pressure.HIGH);
		this.memory.feel(Pressure.HIGH);
		this.memory.reserve(Use.REQUEST, 80);
		this.memory.feel(Pressure.CRITICAL);
		this.memory.release(Use.REQUEST, 80);
		this.memory.feel(Pressure.NONE);
		assertThat(this.told).containsExactly(Pressure.HIGH, Pressure.CRITICAL, Pressure.NONE);
	}

	@ParameterizedTest
	@CsvSource({ "0, 0.75, 0.9, 0.05", "1, 0.9, 0.75, 0.05", "1, 0.75, 1.1, 0.05", "1, 0.75, 0.9, 0.75",
			"1, 0.75, 0.9, -0.1", "1, NaN, 0.9, 0.1" })
	void marksThatMeanNothingAreRefused(long limit, double high, double critical, double relief) {
		assertThatIllegalArgumentException().isThrownBy(() -> new MemoryMarks(limit, high, critical, relief));
	}

	@Test
	void manyThreadsNeverTakeMoreThanTheLimitAndLeaveNothing() throws Exception {
		CountedMemory shared = memory(1000);
		AtomicLong held = new AtomicLong();
		AtomicLong most = new AtomicLong();
		shared.onPressure((pressure) -> most.accumulateAndGet(shared.used(), Math::max));
		ExecutorService threads = Executors.newFixedThreadPool(8);
		List<Future<?>> running = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			Random random = new Random(i);
			running.add(threads.submit(() -> hammer(shared, random, held, most)));
		}
		for (Future<?> one : running) {
			one.get();
		}
		threads.shutdown();
		assertThat(most.get()).isBetween(900L, 1000L);
		assertThat(shared.used()).isZero();
		for (Use use : Use.values()) {
			assertThat(shared.used(use)).isZero();
		}
		assertThat(shared.pressure()).isEqualTo(Pressure.NONE);
	}

	/** What is granted at the same time is summed up apart from the counter. */
	private static void hammer(CountedMemory shared, Random random, AtomicLong held, AtomicLong most) {
		Use[] uses = { Use.REQUEST, Use.REQUEST, Use.RECORDING, Use.CACHE };
		int[] taken = new int[uses.length];
		for (int i = 0; i < 40_000; i++) {
			int at = random.nextInt(uses.length);
			if (taken[at] > 0) {
				held.addAndGet(-taken[at]);
				shared.release(uses[at], taken[at]);
				taken[at] = 0;
			}
			int bytes = 1 + random.nextInt(200);
			if (shared.reserve(uses[at], bytes)) {
				most.accumulateAndGet(held.addAndGet(bytes), Math::max);
				taken[at] = bytes;
			}
		}
		for (int i = 0; i < uses.length; i++) {
			held.addAndGet(-taken[i]);
			shared.release(uses[i], taken[i]);
		}
	}

}
