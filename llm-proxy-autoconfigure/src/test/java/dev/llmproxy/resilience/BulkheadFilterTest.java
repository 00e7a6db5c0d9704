package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Target;
import dev.llmproxy.resilience.BulkheadSettings.Algorithm;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class BulkheadFilterTest {

	@Test
	void whoComesTooManyWaitsItsTurnInOrder() {
		BulkheadFilter filter = filter(Algorithm.FIXED, 1, 2, Duration.ofMinutes(1));
		Sinks.One<LlmResponse> first = Sinks.one();
		List<String> order = new ArrayList<>();
		call(filter, first.asMono()).subscribe((answer) -> order.add("first"));
		call(filter, Mono.fromSupplier(Targets::answer)).subscribe((answer) -> order.add("second"));
		call(filter, Mono.fromSupplier(Targets::answer)).subscribe((answer) -> order.add("third"));
		assertThat(order).isEmpty();
		assertThat(bulkhead(filter).waiting()).isEqualTo(2);
		first.tryEmitValue(Targets.answer());
		assertThat(order).containsExactlyInAnyOrder("first", "second", "third");
		assertThat(bulkhead(filter).inFlight()).isZero();
	}

	@Test
	void aFullLineIsRefusedAtOnce() {
		BulkheadFilter filter = filter(Algorithm.FIXED, 1, 0, Duration.ofMinutes(1));
		call(filter, Mono.never()).subscribe();
		StepVerifier.create(call(filter, Mono.just(Targets.answer())))
			.expectErrorSatisfies(
					(failure) -> assertThat(failure).isInstanceOfSatisfying(LlmException.class, (refusal) -> {
						assertThat(refusal.ownRefusal()).isTrue();
						assertThat(refusal.status()).isEqualTo(503);
						assertThat(refusal.retryAfter()).isNotNull();
					}))
			.verify();
	}

	@Test
	void nobodyWaitsForLongerThanTheLongestWait() {
		StepVerifier.withVirtualTime(() -> {
			BulkheadFilter filter = filter(Algorithm.FIXED, 1, 5, Duration.ofSeconds(5));
			call(filter, Mono.never()).subscribe();
			return call(filter, Mono.just(Targets.answer()));
		})
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(4))
			.thenAwait(Duration.ofSeconds(2))
			.expectError(LlmException.class)
			.verify();
	}

	@Test
	void whoLeavesTheLineFreesItsPlace() {
		BulkheadFilter filter = filter(Algorithm.FIXED, 1, 1, Duration.ofMinutes(1));
		Disposable holder = call(filter, Mono.never()).subscribe();
		call(filter, Mono.never()).subscribe().dispose();
		assertThat(bulkhead(filter).waiting()).isZero();
		holder.dispose();
		assertThat(bulkhead(filter).inFlight()).isZero();
		StepVerifier.create(call(filter, Mono.just(Targets.answer()))).expectNextCount(1).verifyComplete();
	}

	@Test
	void signsOfOverloadLowerTheNumberAndSuccessesRaiseIt() {
		BulkheadFilter filter = filter(Algorithm.AIMD, 100, 5, Duration.ofMinutes(1));
		for (int i = 0; i < 5; i++) {
			call(filter, Mono.error(Targets.answered(503))).onErrorComplete().block();
		}
		assertThat(bulkhead(filter).limit()).isLessThan(70);
		int low = bulkhead(filter).limit();
		for (int i = 0; i < 50; i++) {
			call(filter, Mono.error(Targets.answered(400))).onErrorComplete().block();
		}
		assertThat(bulkhead(filter).limit()).isEqualTo(low);
	}

	@Test
	void turnsAreNeverLostOrGivenTwice() throws Exception {
		int limit = 4;
		BulkheadFilter filter = filter(Algorithm.FIXED, limit, 8, Duration.ofMillis(2));
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		Target target = Targets.answering("s", Mono.empty());
		ExecutorService threads = Executors.newFixedThreadPool(16);
		CountDownLatch start = new CountDownLatch(1);
		try {
			List<Future<?>> runs = new ArrayList<>();
			for (int t = 0; t < 16; t++) {
				Random random = new Random(t);
				runs.add(threads.submit(() -> {
					start.await();
					for (int i = 0; i < 2_000; i++) {
						Mono<LlmResponse> work = Mono.defer(() -> {
							most.accumulateAndGet(inside.incrementAndGet(), Math::max);
							return switch (random.nextInt(3)) {
								case 0 -> Mono.error(Targets.refused());
								case 1 -> Mono.just(Targets.answer());
								default -> Mono.delay(Duration.ofNanos(50_000)).thenReturn(Targets.answer());
							};
						}).doOnTerminate(inside::decrementAndGet).doOnCancel(inside::decrementAndGet);
						Disposable call = filter.filter(Targets.attempt(target), (attempt) -> work)
							.onErrorComplete()
							.subscribe();
						if (random.nextInt(4) == 0) {
							call.dispose();
						}
					}
					return null;
				}));
			}
			start.countDown();
			for (Future<?> run : runs) {
				run.get();
			}
		}
		finally {
			threads.shutdown();
		}
		Bulkhead bulkhead = filter.all().get(target.id());
		Awaitility.await().until(() -> bulkhead.inFlight() == 0 && bulkhead.waiting() == 0);
		assertThat(most.get()).isBetween(1, limit);
	}

	private static BulkheadFilter filter(Algorithm algorithm, int initial, int queue, Duration maxWait) {
		return new BulkheadFilter(new BulkheadSettings(algorithm, initial, 1, 1000, queue, maxWait));
	}

	private static Mono<LlmResponse> call(BulkheadFilter filter, Mono<LlmResponse> answer) {
		return filter.filter(Targets.attempt(Targets.target("a")), (attempt) -> answer);
	}

	private static Bulkhead bulkhead(BulkheadFilter filter) {
		return filter.all().get("a/m");
	}

}
