package dev.llmproxy.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.event.GatewayEvent.LimitHit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.codec.ServerSentEvent;

import static org.assertj.core.api.Assertions.assertThat;

class LiveFeedTest {

	private final EventBus bus = new EventBus(1000);

	private final LiveFeed feed = new LiveFeed(this.bus, 2, 3, Duration.ofSeconds(15));

	@Test
	void whoReadsTooSlowlyLosesEventsAndIsToldHowMany() {
		Reader reader = new Reader();
		this.feed.watch(Set.of(EventType.LIMIT_HIT)).subscribe(reader);
		// The comment that comes at once.
		reader.request(1);
		Awaitility.await().until(() -> this.bus.wanted(EventType.LIMIT_HIT));
		hit(30);
		Awaitility.await().until(() -> this.feed.dropped() > 10);
		reader.requestUnbounded();
		Awaitility.await().until(() -> reader.hits.get() + this.feed.dropped() == 30);
		hit(1);
		Awaitility.await().until(() -> reader.lost.get() == this.feed.dropped());
		reader.cancel();
		Awaitility.await().until(() -> this.feed.watching() == 0);
		assertThat(this.bus.wanted(EventType.LIMIT_HIT)).isFalse();
	}

	private void hit(int times) {
		for (int i = 0; i < times; i++) {
			this.bus.publish(new LimitHit(Instant.EPOCH, "limit-" + i, "tokens"));
		}
	}

	@Test
	void everybodyHearsSomethingNowAndThen() {
		StepVerifier.withVirtualTime(() -> this.feed.watch(Set.of(EventType.LIMIT_HIT)))
			.expectNextMatches(LiveFeedTest::heartbeat)
			.expectNoEvent(Duration.ofSeconds(15).minusMillis(1))
			.thenAwait(Duration.ofMillis(1))
			.expectNextMatches(LiveFeedTest::heartbeat)
			.thenAwait(Duration.ofSeconds(15))
			.expectNextMatches(LiveFeedTest::heartbeat)
			.then(this.feed::close)
			.verifyComplete();
	}

	private static boolean heartbeat(ServerSentEvent<String> event) {
		return "still here".equals(event.comment()) && event.data() == null;
	}

	@Test
	void onlySoManyMayWatch() {
		assertThat(this.feed.full()).isFalse();
		List<Disposable> watching = List.of(this.feed.watch(Set.of(EventType.LIMIT_HIT)).subscribe(),
				this.feed.watch(Set.of(EventType.LIMIT_HIT)).subscribe());
		assertThat(this.feed.full()).isTrue();
		watching.get(0).dispose();
		assertThat(this.feed.full()).isFalse();
		watching.get(1).dispose();
	}

	/** Asks for nothing until it is told to. */
	private static final class Reader extends BaseSubscriber<ServerSentEvent<String>> {

		private final AtomicLong hits = new AtomicLong();

		private final AtomicLong lost = new AtomicLong();

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			// Nothing yet.
		}

		@Override
		protected void hookOnNext(ServerSentEvent<String> event) {
			if ("limit.hit".equals(event.event())) {
				this.hits.incrementAndGet();
			}
			else if ("events.lost".equals(event.event())) {
				this.lost.addAndGet(JsonMapper.shared().readTree(event.data()).path("events").asLong());
			}
		}

	}

}
