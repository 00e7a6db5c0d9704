package dev.llmproxy.observability.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.observability.call.CallRecord;
import dev.llmproxy.observability.call.CallRecord.End;
import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.observability.status.TrafficReport.Window;
import dev.llmproxy.provider.Attempt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TrafficBoardTest {

	private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

	private Instant now = NOON;

	private final TrafficBoard board = new TrafficBoard(() -> this.now);

	@Test
	void countsCallsByHowTheyEnded() {
		ended(End.SUCCEEDED, 100, null, "hit");
		ended(End.SUCCEEDED, 100, null, "miss");
		ended(End.FAILED, 100, ErrorKind.RATE_LIMIT, null);
		ended(End.BROKEN, 100, ErrorKind.UPSTREAM, "miss");
		ended(End.CANCELLED, 100, null, null);
		Window recent = this.board.report().recent();
		assertThat(recent.requests()).isEqualTo(5);
		assertThat(recent.failed()).isEqualTo(2);
		assertThat(recent.cancelled()).isEqualTo(1);
		assertThat(recent.attempts()).isEqualTo(10);
		assertThat(recent.errors()).containsOnlyKeys(ErrorKind.RATE_LIMIT, ErrorKind.UPSTREAM);
		assertThat(recent.cache()).isEqualTo(new TrafficReport.Cache(1, 0, 0, 2, 0));
		assertThat(this.board.report().hour()).isEqualTo(recent);
		assertThat(this.board.report().sinceStart()).isEqualTo(recent);
		assertThat(this.board.report().routes().get("smart").recent()).isEqualTo(recent);
	}

	@Test
	void countsAttemptsByProvider() {
		ended(End.SUCCEEDED, 100, null, null);
		Window openai = this.board.report().providers().get("openai").recent();
		assertThat(openai.requests()).isEqualTo(1);
		assertThat(openai.failed()).isEqualTo(1);
		Window claude = this.board.report().providers().get("claude").recent();
		assertThat(claude.failed()).isZero();
		assertThat(claude.latency()).isNotNull().satisfies((it) -> assertThat(it.p50()).isCloseTo(40, within(2.0)));
	}

	@Test
	void countsTokensAndMoneyAndWhatHasNoPrice() {
		this.board.charged(charge(Usage.of(100, 20), 5_000L));
		this.board.charged(charge(Usage.of(1, 2), null));
		Window recent = this.board.report().recent();
		assertThat(recent.inputTokens()).isEqualTo(101);
		assertThat(recent.outputTokens()).isEqualTo(22);
		assertThat(recent.nanoUsd()).isEqualTo(5_000);
		assertThat(recent.unpriced()).isEqualTo(1);
		assertThat(this.board.report().today().nanoUsd()).isEqualTo(5_000);
		assertThat(this.board.report().providers().get("claude").hour().nanoUsd()).isEqualTo(5_000);
		assertThat(this.board.report().routes().get("smart").hour().inputTokens()).isEqualTo(101);
	}

	@Test
	void forgetsWhatIsOldByAndBy() {
		ended(End.SUCCEEDED, 10, null, null);
		assertThat(sum(this.board.report().seconds().requests())).isEqualTo(1);
		later(Duration.ofSeconds(61));
		assertThat(sum(this.board.report().seconds().requests())).isZero();
		assertThat(this.board.report().recent().requests()).isEqualTo(1);
		later(Duration.ofMinutes(5));
		assertThat(this.board.report().recent()).isEqualTo(Window.NONE);
		assertThat(this.board.report().hour().requests()).isEqualTo(1);
		later(Duration.ofMinutes(60));
		assertThat(this.board.report().hour()).isEqualTo(Window.NONE);
		assertThat(this.board.report().today().requests()).isEqualTo(1);
		later(Duration.ofHours(11));
		assertThat(this.board.report().today()).isEqualTo(Window.NONE);
		assertThat(this.board.report().sinceStart().requests()).isEqualTo(1);
	}

	@Test
	void reusesTheRingWithoutAddingToWhatWasThere() {
		for (int minute = 0; minute < 200; minute++) {
			ended(End.SUCCEEDED, 10, null, null);
			later(Duration.ofMinutes(1));
		}
		assertThat(this.board.report().minutes().requests()).hasSize(60).containsOnly(1L, 0L);
		assertThat(this.board.report().hour().requests()).isEqualTo(59);
	}

	@Test
	void whatEndedLongAgoIsNotTakenForNew() {
		ended(End.SUCCEEDED, 10, null, null);
		Instant before = this.now;
		this.now = this.now.minus(Duration.ofMinutes(60));
		ended(End.SUCCEEDED, 10, null, null);
		this.now = before;
		assertThat(this.board.report().hour().requests()).isEqualTo(1);
		assertThat(this.board.report().recent().requests()).isEqualTo(1);
	}

	@Test
	void percentilesAreOffByFivePercentAtMost() {
		Random random = new Random(5);
		List<Double> millis = new ArrayList<>();
		for (int i = 0; i < 5000; i++) {
			double one = Math.exp(random.nextGaussian() * 2 + 5);
			millis.add(one);
			ended(End.SUCCEEDED, one, null, null);
		}
		millis.sort(null);
		this.now = NOON.plus(Duration.ofMinutes(30));
		assertThat(this.board.report().hour().latency()).isNotNull().satisfies((it) -> {
			assertThat(it.count()).isEqualTo(5000);
			assertThat(it.p50() / millis.get(2499)).isCloseTo(1, within(0.05));
			assertThat(it.p95() / millis.get(4749)).isCloseTo(1, within(0.05));
			assertThat(it.p99() / millis.get(4949)).isCloseTo(1, within(0.05));
		});
	}

	@Test
	void timesOfAnyLengthHaveABucket() {
		Latencies latencies = new Latencies();
		for (long nanos : new long[] { 0, 1, 1_000_000, Long.MAX_VALUE }) {
			latencies.record(Latencies.bucket(nanos));
		}
		assertThat(Latencies.of(List.of(latencies))).isNotNull()
			.satisfies((it) -> assertThat(it.count()).isEqualTo(4))
			.satisfies((it) -> assertThat(it.p99()).isGreaterThan(1_500_000));
		assertThat(Latencies.of(List.of(new Latencies()))).isNull();
	}

	@Test
	void namesBeyondTheMostAreOtherUntilSomeAreIdle() {
		for (int i = 0; i < 100; i++) {
			this.board.ended(call(End.SUCCEEDED, 10, null, null, "model-" + i));
		}
		assertThat(this.board.report().routes()).hasSize(31).containsKeys("model-0", "model-29", "other");
		assertThat(this.board.report().routes().get("other").recent().requests()).isEqualTo(70);
		later(Duration.ofMinutes(61));
		this.board.ended(call(End.SUCCEEDED, 10, null, null, "late"));
		assertThat(this.board.report().routes()).containsOnlyKeys("late");
		this.board.ended(call(End.SUCCEEDED, 10, null, null, "x".repeat(5000)));
		assertThat(this.board.report().routes().keySet()).allMatch((name) -> name.length() <= 100);
	}

	@Test
	void losesNothingWhenManyCountAtOnce() {
		List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
			.mapToObj((thread) -> CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 20_000; i++) {
					// Over the edges of seconds and minutes, all threads at the same
					// time.
					CallRecord call = call(End.SUCCEEDED, i * 10.0, null, "hit", "smart");
					this.board.ended(call);
				}
			}))
			.toList();
		threads.forEach(CompletableFuture::join);
		this.now = NOON.plusMillis(200_000);
		TrafficReport report = this.board.report();
		assertThat(report.hour().requests()).isEqualTo(80_000);
		assertThat(report.hour().cache().hit()).isEqualTo(80_000);
		assertThat(report.routes().get("smart").hour().requests()).isEqualTo(80_000);
		assertThat(sum(report.minutes().requests())).isEqualTo(80_000);
	}

	private static long sum(List<Long> counts) {
		return counts.stream().mapToLong(Long::longValue).sum();
	}

	@Test
	void whatWasRefusedHereIsNoCallOfTheProvider() {
		this.board.ended(call(End.SUCCEEDED, 50, null, null, "smart",
				List.of(new AttemptRecord("openai/a", "openai", "a", "first", "breaker_open", 1000, true),
						new AttemptRecord("claude/b", "claude", "b", "fallback", null, 40_000_000))));
		assertThat(this.board.report().providers()).containsOnlyKeys("claude");
	}

	private void later(Duration time) {
		this.now = this.now.plus(time);
	}

	private void ended(End end, double millis, @Nullable ErrorKind kind, @Nullable String cache) {
		this.board.ended(call(end, millis, kind, cache, "smart"));
	}

	private CallRecord call(End end, double millis, @Nullable ErrorKind kind, @Nullable String cache, String route) {
		return call(end, millis, kind, cache, route,
				List.of(new AttemptRecord("openai/a", "openai", "a", "first", "upstream_error", 1_000_000),
						new AttemptRecord("claude/b", "claude", "b", "fallback", null, 40_000_000)));
	}

	private CallRecord call(End end, double millis, @Nullable ErrorKind kind, @Nullable String cache, String route,
			List<AttemptRecord> attempts) {
		LlmError error = (kind != null) ? new LlmError(kind, "It failed.") : null;
		return new CallRecord("id", Caller.ANONYMOUS, Operation.CHAT, Dialect.OPENAI, route, false, route, null,
				this.now, (long) (millis * 1e6), (long) (millis * 1e6), 0, 200, end, attempts, null, null, null, false,
				error, cache, null, 10, 10);
	}

	private Charge charge(Usage usage, @Nullable Long cost) {
		return new Charge("id", 1, Attempt.Kind.FIRST, this.now, Caller.ANONYMOUS, Operation.CHAT, "smart", "claude",
				"anthropic", "claude/b", "b", usage, cost, true);
	}

}
