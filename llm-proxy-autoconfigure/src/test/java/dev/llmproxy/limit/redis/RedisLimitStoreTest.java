package dev.llmproxy.limit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.limit.Decision;
import dev.llmproxy.limit.Demand;
import dev.llmproxy.limit.FailureMode;
import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.limit.LimitStoreContract;
import dev.llmproxy.limit.Limited;
import dev.llmproxy.limit.Quota;
import dev.llmproxy.limit.Refusal;
import dev.llmproxy.limit.Standing;
import dev.llmproxy.testkit.RedisServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RedisLimitStoreTest extends LimitStoreContract {

	private static RedisServer redis;

	private final List<LettuceConnectionFactory> factories = new ArrayList<>();

	private final List<RedisLimitStore> stores = new ArrayList<>();

	private RedisLimitStore store;

	@BeforeAll
	static void start() {
		redis = RedisServer.start();
	}

	@AfterAll
	static void stop() {
		if (redis != null) {
			redis.close();
		}
	}

	@BeforeEach
	void connect() {
		redis.command("FLUSHALL");
		this.store = store(FailureMode.CLOSED, Duration.ofSeconds(60), LimitListener.NONE);
	}

	@AfterEach
	void disconnect() {
		this.stores.forEach(RedisLimitStore::stop);
		this.factories.forEach(LettuceConnectionFactory::destroy);
	}

	private RedisLimitStore store(FailureMode mode, Duration lease, LimitListener listener) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", redis.port()));
		factory.afterPropertiesSet();
		factory.start();
		RedisLimitStore store = new RedisLimitStore(new ReactiveStringRedisTemplate(factory),
				new RedisLimitSettings("test:", Duration.ofMillis(50), mode, 0, Duration.ofMillis(50), lease),
				listener);
		this.factories.add(factory);
		this.stores.add(store);
		store.start().block();
		Awaitility.await().until(() -> !store.state().degraded());
		return store;
	}

	@Override
	protected LimitStore store() {
		return this.store;
	}

	@Test
	void nodesShareTheCounts() {
		RedisLimitStore other = store(FailureMode.CLOSED, Duration.ofSeconds(60), LimitListener.NONE);
		Demand demand = demand("a", 2, 0, 0, HOUR);
		assertThat(acquire(0, demand).refusal()).isNull();
		assertThat(decide(other, demand).refusal()).isNull();
		assertThat(acquire(0, demand).refusal()).isNotNull();
		assertThat(decide(other, demand).refusal()).isNotNull();
	}

	@Test
	void nodesAreCounted() {
		RedisLimitStore one = store(FailureMode.LOCAL, Duration.ofSeconds(1), LimitListener.NONE);
		Awaitility.await().until(() -> one.state().nodes() == 2);
		RedisLimitStore other = store(FailureMode.LOCAL, Duration.ofSeconds(1), LimitListener.NONE);
		Awaitility.await().until(() -> one.state().nodes() == 3);
		other.stop();
		Awaitility.await().until(() -> one.state().nodes() == 2);
	}

	@Test
	void aCallThatIsLeftWhileItIsUnderWayStillCounts() {
		Demand demand = demand("a", 10, 100, 0, HOUR);
		AtomicInteger admitted = new AtomicInteger();
		Disposable call = this.store.acquire(List.of(demand), 10).flatMap((decision) -> {
			admitted.incrementAndGet();
			return Mono.never();
		}).subscribe();
		Awaitility.await().until(() -> admitted.get() == 1);
		call.dispose();
		Awaitility.await()
			.during(Duration.ofMillis(200))
			.until(() -> redis.command("HGET test:{limits}:w:3600000:rule:a t").contains("10"));
		assertThat(acquire(0, demand).standings().get(0).remainingRequests()).isEqualTo(8);
	}

	@Test
	void fault63_scriptsThatRedisForgotAreGivenToItAgain() {
		Demand demand = demand("a", 2, 0, 0, HOUR);
		acquire(0, demand);
		redis.command("SCRIPT FLUSH");
		assertThat(acquire(0, demand).refusal()).isNull();
		assertThat(acquire(0, demand).refusal()).isNotNull();
	}

	@Test
	void fault67_thePlaceOfANodeThatDiedIsFreeAgain() {
		RedisLimitStore dying = store(FailureMode.CLOSED, Duration.ofSeconds(1), LimitListener.NONE);
		Demand demand = demand("a", 0, 0, 1, HOUR);
		assertThat(decide(dying, demand).refusal()).isNull();
		assertThat(acquire(0, demand).refusal()).isNotNull();
		dying.stop();
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> acquire(0, demand).refusal() == null);
	}

	@Test
	void thePlaceOfALongCallIsKept() {
		RedisLimitStore living = store(FailureMode.CLOSED, Duration.ofSeconds(1), LimitListener.NONE);
		Demand demand = demand("a", 0, 0, 1, HOUR);
		Decision decision = decide(living, demand);
		Awaitility.await()
			.during(Duration.ofSeconds(2))
			.atMost(Duration.ofSeconds(4))
			.until(() -> acquire(0, demand).refusal() != null);
		decision.lease().settle(0);
		Awaitility.await().until(() -> acquire(0, demand).refusal() == null);
	}

	@Test
	void fault69_aClockThatWentBackALittleFreesNothing() {
		Demand demand = demand("a", 2, 0, 0, Duration.ofMinutes(1));
		acquire(0, demand);
		redis.shiftWindows(60_000, 40);
		assertThat(acquire(0, demand).refusal()).isNull();
		Refusal refusal = acquire(0, demand).refusal();
		assertThat(refusal).isNotNull();
		assertThat(refusal.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(90));
	}

	@Test
	void fault69_aClockThatWentBackFarFreesNothingAndKeepsNobodyOutForLonger() {
		Demand demand = demand("a", 2, 0, 0, Duration.ofMinutes(1));
		acquire(0, demand);
		// Five minutes, and some.
		redis.shiftWindows(60_000, 601);
		assertThat(acquire(0, demand).refusal()).isNull();
		Refusal refusal = acquire(0, demand).refusal();
		assertThat(refusal).isNotNull();
		assertThat(refusal.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(61));
	}

	@Test
	void fault62_foreignValuesUnderItsKeysAreDeleted() {
		Demand demand = demand("a", 1, 0, 1, Duration.ofMinutes(1));
		redis.command("SET test:{limits}:w:60000:rule:a nonsense");
		redis.command("SET test:{limits}:c:rule:a nonsense");
		acquire(0, demand).lease().settle(0);
		Refusal refusal = acquire(0, demand).refusal();
		assertThat(refusal).isNotNull();
		assertThat(this.store.state().degraded()).isFalse();
	}

	@Test
	void fault60_eachFailureModeDoesWhatItSays() {
		AtomicInteger uncounted = new AtomicInteger();
		LimitListener listener = new LimitListener() {

			@Override
			public void admitted(String quota) {
			}

			@Override
			public void refused(String quota, Limited limited) {
			}

			@Override
			public void uncounted(FailureMode mode) {
				uncounted.incrementAndGet();
			}

		};
		RedisLimitStore open = store(FailureMode.OPEN, Duration.ofSeconds(60), listener);
		RedisLimitStore local = store(FailureMode.LOCAL, Duration.ofSeconds(60), listener);
		Demand demand = demand("a", 9, 0, 0, HOUR);
		redis.freeze();
		try {
			for (int i = 0; i < 30; i++) {
				assertThat(decide(open, demand).refusal()).isNull();
			}
			int share = Math.max(1, 9 / local.state().nodes());
			int admitted = 0;
			for (int i = 0; i < 30; i++) {
				admitted += (decide(local, demand).refusal() == null) ? 1 : 0;
			}
			assertThat(admitted).isEqualTo(share);
			assertThatThrownBy(() -> acquire(0, demand)).hasMessageContaining("cannot tell whether a limit is reached");
			assertThat(uncounted).hasValue(60);
		}
		finally {
			redis.thaw();
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(1))
			.pollInterval(Duration.ofMillis(10))
			.until(() -> !open.state().degraded() && !local.state().degraded() && !this.store.state().degraded());
	}

	@Test
	void manyUsersOfOneKeyTakeLittleRoom() {
		Demand demand = new Demand(new Quota("rule", 1_000_000, 0, 0, Duration.ofSeconds(1)), "a");
		for (int i = 0; i < 300; i++) {
			acquire(0, demand);
		}
		String[] length = redis.command("HLEN test:{limits}:w:1000:rule:a").trim().split(":");
		assertThat(Integer.parseInt(length[1])).isLessThanOrEqualTo(4 + 2 * 122);
	}

	private static Decision decide(RedisLimitStore store, Demand demand) {
		Decision decision = store.acquire(List.of(demand), 0).block();
		assertThat(decision).isNotNull();
		return decision;
	}

	@Test
	void standingsComeFromAllNodes() {
		RedisLimitStore other = store(FailureMode.CLOSED, Duration.ofSeconds(60), LimitListener.NONE);
		Demand demand = demand("a", 10, 0, 0, HOUR);
		acquire(0, demand);
		decide(other, demand);
		Standing standing = acquire(0, demand).standings().get(0);
		assertThat(standing.remainingRequests()).isEqualTo(7);
	}

}
