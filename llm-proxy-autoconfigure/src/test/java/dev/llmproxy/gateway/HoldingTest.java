package dev.llmproxy.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.llmproxy.gateway.MemoryBudget.Use;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("once")
class HoldingTest {

	private final CountedMemory memory = new CountedMemory(new MemoryMarks(1000, 0.75, 0.9, 0.05));

	private final Holding holding = new Holding(this.memory, Use.REQUEST);

	@Test
	void holdsWhatItWasToldLast() {
		assertThat(this.holding.resize(700)).isTrue();
		assertThat(this.holding.resize(300)).isTrue();
		assertThat(this.memory.used()).isEqualTo(300);
		assertThat(this.holding.resize(1001)).isFalse();
		assertThat(this.memory.used()).isEqualTo(300);
	}

	@Test
	void givesBackOnceAndStaysEmpty() {
		this.holding.resize(700);
		this.holding.close();
		this.holding.close();
		assertThat(this.holding.resize(100)).isTrue();
		assertThat(this.memory.used()).isZero();
	}

	@Test
	void aCallerMayLeaveWhileItsBodyComesIn() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		for (int i = 0; i < 5_000; i++) {
			Holding one = new Holding(this.memory, Use.REQUEST);
			List<Future<?>> both = new ArrayList<>();
			both.add(threads.submit(() -> {
				for (int size = 100; size <= 900; size += 100) {
					one.resize(size);
				}
			}));
			both.add(threads.submit(one::close));
			for (Future<?> each : both) {
				each.get();
			}
			assertThat(this.memory.used()).isZero();
		}
		threads.shutdown();
	}

}
