package dev.llmproxy.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** All parts of a snapshot are of one generation, whoever reads them when. */
class LiveSnapshotTest {

	private static final int GENERATIONS = 200_000;

	@Test
	void readersNeverSeePartsOfTwoGenerations() throws Exception {
		LiveSnapshot live = new LiveSnapshot();
		live.add(Long.class, 1L);
		live.add(String.class, "1");
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			List<Future<Long>> readers = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				readers.add(threads.submit(() -> {
					long last = 0;
					while (!done.get()) {
						Snapshot pinned = live.current();
						long number = pinned.get(Long.class);
						assertThat(pinned.get(String.class)).isEqualTo(String.valueOf(number));
						assertThat(pinned.generation()).isEqualTo(number).isGreaterThanOrEqualTo(last);
						last = number;
					}
					return last;
				}));
			}
			for (long next = 2; next <= GENERATIONS; next++) {
				live.replace(Map.of(Long.class, next, String.class, String.valueOf(next)));
			}
			done.set(true);
			for (Future<Long> reader : readers) {
				reader.get(10, TimeUnit.SECONDS);
			}
		}
		finally {
			done.set(true);
			threads.shutdownNow();
		}
		assertThat(live.current().generation()).isEqualTo(GENERATIONS);
	}

	@Test
	void whatIsNotReplacedStays() {
		LiveSnapshot live = new LiveSnapshot();
		live.add(Long.class, 1L);
		live.add(String.class, "one");
		Snapshot before = live.current();
		live.replace(Map.of(String.class, "two"));
		assertThat(live.get(Long.class)).isOne();
		assertThat(live.get(String.class)).isEqualTo("two");
		assertThat(before.get(String.class)).isEqualTo("one");
		assertThat(before.find(Integer.class)).isNull();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> before.get(Integer.class));
	}

}
