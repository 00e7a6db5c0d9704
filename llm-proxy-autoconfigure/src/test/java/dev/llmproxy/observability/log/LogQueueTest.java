package dev.llmproxy.observability.log;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class LogQueueTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final List<Integer> written = new CopyOnWriteArrayList<>();

	@Test
	void writesInOrderOnAThreadOfItsOwn() {
		List<String> threads = new CopyOnWriteArrayList<>();
		try (LogQueue queue = LogQueue.start(1000, PATIENCE, LogTarget.UNKNOWN)) {
			for (int i = 0; i < 500; i++) {
				int number = i;
				queue.offer(() -> {
					this.written.add(number);
					threads.add(Thread.currentThread().getName());
				});
			}
		}
		assertThat(this.written).hasSize(500).isSorted();
		assertThat(threads).containsOnly("llm-proxy-log");
	}

	@Test
	void writesWhatComesLater() {
		try (LogQueue queue = LogQueue.start(10, PATIENCE, LogTarget.UNKNOWN)) {
			for (int i = 0; i < 20; i++) {
				int number = i;
				queue.offer(() -> this.written.add(number));
				Awaitility.await().until(() -> this.written.contains(number));
			}
		}
	}

	@Test
	void aLogThatIsStuckCostsEventsAndNothingElse() throws InterruptedException {
		CountDownLatch stuck = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		ListAppender<ILoggingEvent> warnings = warnings();
		LogQueue queue = LogQueue.start(10, PATIENCE, LogTarget.UNKNOWN);
		queue.offer(() -> {
			stuck.countDown();
			awaitUninterruptibly(release);
		});
		stuck.await();
		for (int i = 0; i < 1000; i++) {
			int number = i;
			queue.offer(() -> this.written.add(number));
		}
		assertThat(queue.dropped()).isEqualTo(990);
		release.countDown();
		// Queues of other tests may tell of theirs.
		Awaitility.await()
			.until(() -> List.copyOf(warnings.list)
				.stream()
				.anyMatch((event) -> event.getFormattedMessage().endsWith("; 990 events were lost.")));
		queue.offer(() -> this.written.add(-1));
		queue.close();
		assertThat(this.written).hasSize(11).endsWith(9, -1);
		assertThat(warnings.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsSubsequence("The access log can't keep up, or can't be written: events are lost.",
					"The access log is written again; 990 events were lost.");
	}

	@Test
	void whatIsWeightyTakesMoreRoom() throws InterruptedException {
		CountDownLatch stuck = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		try (LogQueue queue = LogQueue.start(10, PATIENCE, LogTarget.UNKNOWN)) {
			queue.offer(() -> {
				stuck.countDown();
				awaitUninterruptibly(release);
			});
			stuck.await();
			for (int i = 0; i < 5; i++) {
				queue.offer(new LogQueue.Entry() {

					@Override
					public void write() {
						LogQueueTest.this.written.add(1);
					}

					@Override
					public int weight() {
						return 5;
					}

				});
			}
			release.countDown();
		}
		assertThat(this.written).hasSize(2);
	}

	@Test
	void whatFailsIsCountedAndTheNextIsWritten() {
		LogQueue queue = LogQueue.start(10, PATIENCE, LogTarget.UNKNOWN);
		queue.offer(() -> {
			throw new IllegalStateException("appender");
		});
		queue.offer(() -> {
			throw new NoClassDefFoundError("appender");
		});
		queue.offer(() -> this.written.add(1));
		queue.close();
		assertThat(this.written).containsExactly(1);
		assertThat(queue.dropped()).isEqualTo(2);
	}

	@Test
	void whatGoesNowhereIsCounted() {
		AtomicBoolean lossy = new AtomicBoolean(true);
		LogQueue queue = LogQueue.start(10, PATIENCE, target(lossy));
		queue.offer(() -> this.written.add(1));
		Awaitility.await().until(() -> queue.dropped() == 1);
		lossy.set(false);
		queue.offer(() -> this.written.add(2));
		queue.close();
		assertThat(queue.dropped()).isEqualTo(1);
	}

	private static LogTarget target(AtomicBoolean lossy) {
		return new LogTarget() {

			@Override
			public boolean lost() {
				return lossy.get();
			}

			@Override
			public boolean showsFields() {
				return true;
			}

		};
	}

	@Test
	void closingWaitsNotForEver() {
		CountDownLatch never = new CountDownLatch(1);
		LogQueue queue = LogQueue.start(10, Duration.ofMillis(50), LogTarget.UNKNOWN);
		queue.offer(() -> awaitUninterruptibly(never));
		queue.close();
		queue.offer(() -> this.written.add(1));
		assertThat(queue.dropped()).isEqualTo(1);
		never.countDown();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean interrupted = true;
		while (interrupted) {
			try {
				latch.await();
				interrupted = false;
			}
			catch (InterruptedException ex) {
				// As stuck as can be.
			}
		}
	}

	private static ListAppender<ILoggingEvent> warnings() {
		Logger logger = (Logger) LoggerFactory.getLogger(LogQueue.class);
		logger.setLevel(Level.WARN);
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		logger.addAppender(appender);
		return appender;
	}

}
