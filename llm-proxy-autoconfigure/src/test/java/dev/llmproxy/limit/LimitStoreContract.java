package dev.llmproxy.limit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.gateway.LlmException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What every store does, wherever it keeps its counts. */
public abstract class LimitStoreContract {

	protected static final Duration HOUR = Duration.ofHours(1);

	/** The store; the same all through a test. */
	protected abstract LimitStore store();

	protected static Demand demand(String subject, long requests, long tokens, int concurrency, Duration window) {
		return new Demand(new Quota("rule", requests, tokens, concurrency, window), subject);
	}

	protected Decision acquire(long tokens, Demand... demands) {
		Decision decision = store().acquire(List.of(demands), tokens).block();
		assertThat(decision).isNotNull();
		return decision;
	}

	@Test
	void admitsTheLimitAndNotOneMore() {
		Demand demand = demand("a", 3, 0, 0, HOUR);
		for (int left = 2; left >= 0; left--) {
			Decision decision = acquire(0, demand);
			assertThat(decision.refusal()).isNull();
			assertThat(decision.standings().get(0).remainingRequests()).isEqualTo(left);
		}
		Refusal refusal = acquire(0, demand).refusal();
		assertThat(refusal).isNotNull();
		assertThat(refusal.limited()).isEqualTo(Limited.REQUESTS);
		assertThat(refusal.retryAfter()).isBetween(HOUR.minusSeconds(60), HOUR.plusSeconds(60));
		assertThat(acquire(0, demand("b", 3, 0, 0, HOUR)).refusal()).isNull();
	}

	@Test
	void admitsAgainWhenTheWaitIsOver() {
		Demand demand = demand("a", 1, 0, 0, Duration.ofSeconds(1));
		acquire(0, demand);
		assertThat(acquire(0, demand).refusal()).isNotNull();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> acquire(0, demand).refusal() == null);
	}

	@Test
	void setsTokensAsideAndSettles() {
		Demand demand = demand("a", 0, 100, 0, HOUR);
		Decision first = acquire(60, demand);
		assertThat(first.refusal()).isNull();
		assertThat(first.standings().get(0).remainingTokens()).isEqualTo(40);
		Refusal refusal = acquire(60, demand).refusal();
		assertThat(refusal).isNotNull();
		assertThat(refusal.limited()).isEqualTo(Limited.TOKENS);
		first.lease().settle(40);
		Awaitility.await().until(() -> acquire(60, demand).refusal() == null);
		assertThat(acquire(1, demand).refusal()).isNotNull();
	}

	@Test
	void countsWhatWasUsedBeyondWhatWasSetAside() {
		Demand demand = demand("a", 0, 100, 0, HOUR);
		acquire(10, demand).lease().settle(100);
		Awaitility.await().until(() -> acquire(1, demand).refusal() != null);
	}

	@Test
	void settlesOnce() {
		Demand demand = demand("a", 0, 100, 2, HOUR);
		Decision first = acquire(50, demand);
		acquire(50, demand);
		first.lease().settle(0);
		first.lease().settle(0);
		first.lease().cancel();
		Awaitility.await().until(() -> acquire(50, demand).refusal() == null);
		assertThat(acquire(1, demand).refusal()).isNotNull();
	}

	@Test
	void aCallThatWasNotMadeCountsAsNothing() {
		Demand demand = demand("a", 1, 100, 1, HOUR);
		acquire(100, demand).lease().cancel();
		Awaitility.await().until(() -> acquire(100, demand).refusal() == null);
	}

	@Test
	void saysThatAWaitIsInVain() {
		Refusal refusal = acquire(101, demand("a", 0, 100, 0, HOUR)).refusal();
		assertThat(refusal).isNotNull();
		assertThat(refusal.retryAfter()).isNull();
		assertThat(acquire(100, demand("a", 0, 100, 0, HOUR)).refusal()).isNull();
	}

	@Test
	void holdsTheNumberOfCallsUnderWay() {
		Demand demand = demand("a", 0, 0, 2, HOUR);
		Lease lease = acquire(0, demand).lease();
		acquire(0, demand);
		Refusal refusal = acquire(0, demand).refusal();
		assertThat(refusal).isNotNull();
		assertThat(refusal.limited()).isEqualTo(Limited.CONCURRENCY);
		lease.settle(0);
		Awaitility.await().until(() -> acquire(0, demand).refusal() == null);
		assertThat(acquire(0, demand).refusal()).isNotNull();
	}

	@Test
	void meetsAllDemandsOrNone() {
		Demand wide = new Demand(new Quota("wide", 10, 0, 5, HOUR), "all");
		Demand narrow = new Demand(new Quota("narrow", 1, 0, 0, HOUR), "a");
		assertThat(acquire(0, wide, narrow).standings()).hasSize(2);
		for (int i = 0; i < 20; i++) {
			Refusal refusal = acquire(0, wide, narrow).refusal();
			assertThat(refusal).isNotNull();
			assertThat(refusal.standing().demand().quota().name()).isEqualTo("narrow");
		}
		Standing standing = acquire(0, wide).standings().get(0);
		assertThat(standing.requests()).isEqualTo(2);
		assertThat(standing.concurrency()).isEqualTo(2);
	}

	@Test
	void fault66_manyAtOnceGetTheLimitExactly() throws InterruptedException {
		Demand narrow = new Demand(new Quota("narrow", 500, 0, 0, HOUR), "a");
		Demand wide = new Demand(new Quota("wide", 0, 5000, 0, HOUR), "all");
		AtomicInteger admitted = new AtomicInteger();
		AtomicInteger lost = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(8);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		for (int t = 0; t < 8; t++) {
			boolean both = t % 2 == 0;
			threads.execute(() -> {
				for (int i = 0; i < 150; i++) {
					try {
						Decision decision = both ? acquire(5, narrow, wide) : acquire(5, narrow);
						if (decision.refusal() == null) {
							admitted.incrementAndGet();
						}
					}
					catch (LlmException ex) {
						// A busy machine may be too late for an answer, which then is
						// nobody's.
						lost.incrementAndGet();
						Thread.yield();
						i--;
					}
				}
				done.countDown();
			});
		}
		assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
		threads.shutdown();
		assertThat(admitted.get()).isBetween(500 - lost.get(), 500);
	}

	@Test
	void tellsWhatItKnows() {
		Demand demand = demand("a", 2, 10, 0, HOUR);
		assertThat(store().refusal(demand)).isNull();
		acquire(5, demand);
		Standing standing = store().known(demand);
		assertThat(standing).isNotNull();
		assertThat(standing.headroom()).isEqualTo(0.5);
		acquire(5, demand);
		acquire(5, demand);
		Refusal refusal = store().refusal(demand);
		assertThat(refusal).isNotNull();
		assertThat(refusal.limited()).isEqualTo(Limited.REQUESTS);
		assertThat(store().known(10)).singleElement()
			.satisfies((known) -> assertThat(known.demand().subject()).isEqualTo("a"));
	}

	@Test
	void forgetsWhatWasUsed() {
		Demand demand = demand("a", 1, 0, 0, HOUR);
		acquire(0, demand);
		assertThat(acquire(0, demand).refusal()).isNotNull();
		store().reset(demand).block();
		assertThat(store().refusal(demand)).isNull();
		assertThat(acquire(0, demand).refusal()).isNull();
	}

	@Test
	void goesOnCountingWhenTheAmountChanges() {
		acquire(0, demand("a", 2, 0, 0, HOUR));
		acquire(0, demand("a", 2, 0, 0, HOUR));
		assertThat(acquire(0, demand("a", 2, 0, 0, HOUR)).refusal()).isNotNull();
		assertThat(acquire(0, demand("a", 3, 0, 0, HOUR)).refusal()).isNull();
		assertThat(acquire(0, demand("a", 3, 0, 0, HOUR)).refusal()).isNotNull();
	}

}
