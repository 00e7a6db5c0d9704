package dev.llmproxy.event;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.event.GatewayEvent.CacheEvicted;
import dev.llmproxy.event.GatewayEvent.LimitHit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EventBusTest {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final GatewayEvent HIT = new LimitHit(Instant.EPOCH, "per-key", "tokens");

	private static final GatewayEvent EVICTED = new CacheEvicted(Instant.EPOCH, "size");

	private final EventBus bus = new EventBus(8);

	private final List<GatewayEvent> heard = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.bus.close(PATIENCE);
	}

	@Test
	void nothingIsWantedUntilSomebodyListensAndAfterNobodyDoes() {
		assertThat(EnumSet.allOf(EventType.class)).noneMatch(this.bus::wanted);
		Disposable listening = this.bus.listen(Set.of(EventType.LIMIT_HIT), this.heard::add);
		assertThat(EnumSet.allOf(EventType.class)).filteredOn(this.bus::wanted).containsExactly(EventType.LIMIT_HIT);
		listening.dispose();
		assertThat(EnumSet.allOf(EventType.class)).noneMatch(this.bus::wanted);
	}

	@Test
	void tellsEachWhatItListensToInOrderAndOnAThreadOfItsOwn() {
		List<String> threads = new CopyOnWriteArrayList<>();
		this.bus.listen(EnumSet.allOf(EventType.class), (event) -> threads.add(Thread.currentThread().getName()));
		this.bus.listen(Set.of(EventType.CACHE_EVICTED, EventType.LIMIT_HIT), this.heard::add);
		this.bus.listen(Set.of(EventType.CACHE_EVICTED), this.heard::add);
		this.bus.publish(HIT);
		this.bus.publish(EVICTED);
		this.bus.close(PATIENCE);
		assertThat(this.heard).containsExactly(HIT, EVICTED, EVICTED);
		assertThat(threads).containsExactly("llm-events", "llm-events");
	}

	@Test
	void oneListenerThatFailsKeepsNothingFromOthers() {
		this.bus.listen(Set.of(EventType.LIMIT_HIT), (event) -> {
			throw new IllegalStateException("on purpose");
		});
		this.bus.listen(Set.of(EventType.LIMIT_HIT), this.heard::add);
		this.bus.publish(HIT);
		this.bus.publish(HIT);
		Awaitility.await().until(() -> this.heard.size() == 2);
	}

	@Test
	void dropsAndCountsWhatFindsNoRoomAndNeverKeepsAnEventLoopWaiting() throws InterruptedException {
		CountDownLatch busy = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		this.bus.listen(Set.of(EventType.LIMIT_HIT), (event) -> {
			busy.countDown();
			Awaitility.await().until(() -> go.getCount() == 0);
			this.heard.add(event);
		});
		this.bus.publish(HIT);
		busy.await();
		CountDownLatch published = new CountDownLatch(20);
		for (int i = 0; i < 20; i++) {
			// BlockHound lets nothing wait there.
			Schedulers.parallel().schedule(() -> {
				this.bus.publish(HIT);
				published.countDown();
			});
		}
		published.await();
		assertThat(this.bus.dropped()).isEqualTo(12);
		go.countDown();
		Awaitility.await().until(() -> this.heard.size() == 9);
		this.bus.publish(HIT);
		Awaitility.await().until(() -> this.heard.size() == 10);
		assertThat(this.bus.dropped()).isEqualTo(12);
	}

	@Test
	void manyPublishersLoseNothingThatThereIsRoomFor() throws InterruptedException {
		EventBus wide = new EventBus(100_000);
		AtomicInteger count = new AtomicInteger();
		wide.listen(Set.of(EventType.LIMIT_HIT), (event) -> count.incrementAndGet());
		Thread[] publishers = new Thread[4];
		for (int i = 0; i < publishers.length; i++) {
			publishers[i] = new Thread(() -> {
				for (int n = 0; n < 5000; n++) {
					wide.publish(HIT);
				}
			});
			publishers[i].start();
		}
		for (Thread publisher : publishers) {
			publisher.join();
		}
		wide.close(PATIENCE);
		assertThat(count).hasValue(20_000);
	}

	@Test
	void typesAreFoundByPatternAndByClass() {
		assertThat(EventType.matching(List.of("call.*", "limit.hit"))).containsExactlyInAnyOrder(EventType.CALL_STARTED,
				EventType.CALL_FIRST_TOKEN, EventType.CALL_ENDED, EventType.LIMIT_HIT);
		assertThat(EventType.matching(List.of("*"))).hasSize(EventType.values().length);
		assertThatIllegalArgumentException().isThrownBy(() -> EventType.matching(List.of("call.begun")))
			.withMessageContaining("call.started");
		assertThat(EventType.heardAs(GatewayEvent.class)).hasSize(EventType.values().length);
		assertThat(EventType.heardAs(LimitHit.class)).containsExactly(EventType.LIMIT_HIT);
		assertThat(EventType.heardAs(Object.class)).isEmpty();
	}

}
