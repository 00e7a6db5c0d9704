package dev.llmproxy.observability.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.provider.Attempt.Kind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class LedgerWriterTest {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final Recording ledger = new Recording();

	private LedgerWriter writer;

	@AfterEach
	void stop() {
		this.ledger.failing = false;
		this.ledger.gate.countDown();
		this.writer.stop();
	}

	private void start(int queue, int batch, Duration interval) {
		this.writer = new LedgerWriter(this.ledger,
				new LedgerSettings(queue, batch, interval, Duration.ofMillis(200), Duration.ofSeconds(5)));
		this.writer.start();
	}

	@Test
	void writesAWholeBatchAtOnceAndTheRestAfterTheInterval() {
		start(1000, 10, LONG);
		this.ledger.gate.countDown();
		for (int i = 0; i < 10; i++) {
			this.writer.charged(charge("r" + i, 1, Kind.FIRST));
		}
		Awaitility.await().until(() -> this.ledger.entries.size() == 10);
		assertThat(this.ledger.batches).containsExactly(10);
		this.writer.stop();
		start(1000, 10, Duration.ofMillis(20));
		this.writer.charged(charge("x", 1, Kind.FIRST));
		Awaitility.await().until(() -> this.ledger.entries.size() == 11);
	}

	@Test
	void aStopWritesWhatWaits() {
		start(1000, 100, LONG);
		this.ledger.gate.countDown();
		for (int i = 0; i < 250; i++) {
			this.writer.charged(charge("r" + i, 1, Kind.FIRST));
		}
		this.writer.stop();
		assertThat(this.ledger.entries).hasSize(250);
		assertThat(this.ledger.entries).extracting(LedgerEntry::id).doesNotHaveDuplicates();
		assertThat(this.writer.stats()).isEqualTo(new LedgerWriter.Stats(250, 0, 0, 0, false));
	}

	@Test
	void aStoreThatHangsNeverHoldsUpACallAndWhatHasNoRoomIsCountedAndToldOnce(CapturedOutput output) {
		start(100, 10, Duration.ofMillis(1));
		// On an event loop, where nothing may block.
		Mono.fromRunnable(() -> {
			for (int i = 0; i < 1000; i++) {
				this.writer.charged(charge("r" + i, 1, Kind.FIRST));
			}
		}).subscribeOn(Schedulers.parallel()).block(Duration.ofSeconds(10));
		assertThat(this.writer.stats().dropped()).isEqualTo(900);
		assertThat(this.writer.stats().waiting()).isEqualTo(100);
		this.ledger.gate.countDown();
		Awaitility.await().until(() -> this.writer.stats().waiting() == 0);
		assertThat(this.ledger.entries).hasSize(100);
		assertThat(output.getAll()).containsOnlyOnce("can't keep up").containsOnlyOnce("900 charges were dropped");
	}

	@Test
	void aStoreThatFailsIsTriedAgainWithTheSameEntriesAndToldOnce(CapturedOutput output) {
		this.ledger.failing = true;
		this.ledger.gate.countDown();
		start(1000, 10, Duration.ofMillis(1));
		for (int i = 0; i < 25; i++) {
			this.writer.charged(charge("r" + i, 1, Kind.FIRST));
		}
		Awaitility.await().until(() -> this.writer.stats().failures() >= 3);
		assertThat(this.writer.stats().failing()).isTrue();
		this.ledger.failing = false;
		Awaitility.await().until(() -> this.ledger.entries.size() == 25);
		assertThat(this.ledger.entries).extracting(LedgerEntry::request).doesNotHaveDuplicates();
		assertThat(this.ledger.tried).hasSizeGreaterThanOrEqualTo(1).doesNotHaveDuplicates();
		assertThat(output.getAll()).containsOnlyOnce("can't be written").containsOnlyOnce("written again");
	}

	@Test
	void whatCanNotBeWrittenBeforeTheEndIsCounted(CapturedOutput output) {
		this.ledger.failing = true;
		this.ledger.gate.countDown();
		this.writer = new LedgerWriter(this.ledger,
				new LedgerSettings(100, 10, Duration.ofMillis(1), Duration.ofSeconds(30), Duration.ofMillis(300)));
		this.writer.start();
		for (int i = 0; i < 25; i++) {
			this.writer.charged(charge("r" + i, 1, Kind.FIRST));
		}
		this.writer.stop();
		assertThat(this.writer.stats().dropped()).isEqualTo(25);
		assertThat(output.getAll()).contains("charges that are lost: 25");
	}

	@Test
	void nothingIsLostWhenManyAreChargedAtOnce() throws InterruptedException {
		start(100_000, 50, Duration.ofMillis(1));
		this.ledger.gate.countDown();
		Thread[] threads = new Thread[4];
		for (int t = 0; t < threads.length; t++) {
			int thread = t;
			threads[t] = new Thread(() -> {
				for (int i = 0; i < 5000; i++) {
					this.writer.charged(charge(thread + "-" + i, 1, Kind.FIRST));
				}
			});
			threads[t].start();
		}
		for (Thread thread : threads) {
			thread.join();
		}
		this.writer.stop();
		assertThat(this.ledger.entries).hasSize(20_000);
		assertThat(this.ledger.batches).allMatch((size) -> size <= 50);
		assertThat(this.writer.stats().dropped()).isZero();
	}

	private static Charge charge(String request, int attempt, Kind kind) {
		return new Charge(request, attempt, kind, Instant.now(), Caller.ANONYMOUS, Operation.CHAT, "route", "up",
				"openai", "up/model", "model", Usage.of(1, 2), 3L, kind == Kind.FIRST);
	}

	private static final class Recording implements UsageLedger {

		final CountDownLatch gate = new CountDownLatch(1);

		final List<LedgerEntry> entries = new CopyOnWriteArrayList<>();

		final List<Integer> batches = new CopyOnWriteArrayList<>();

		final List<List<String>> tried = new CopyOnWriteArrayList<>();

		volatile boolean failing;

		@Override
		public void append(List<LedgerEntry> entries) {
			await();
			if (this.failing) {
				List<String> ids = entries.stream().map(LedgerEntry::id).toList();
				if (this.tried.isEmpty() || !this.tried.get(this.tried.size() - 1).equals(ids)) {
					this.tried.add(ids);
				}
				throw new IllegalStateException("disk full");
			}
			this.batches.add(entries.size());
			this.entries.addAll(new ArrayList<>(entries));
		}

		private void await() {
			try {
				this.gate.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		public UsageReport report(UsageQuery query) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void read(UsageFilter filter, long limit, Consumer<? super LedgerEntry> reader) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void close() {
			// Nothing to close.
		}

	}

}
