package dev.llmproxy.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.ResponseBody;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/** Many who ask the same at the same time, from many threads, and some who leave. */
class FlightTest {

	private static final ExecutorService THREADS = Executors.newFixedThreadPool(8);

	@AfterAll
	static void stop() {
		THREADS.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void oneCallIsEnoughForAThousand(boolean stream) throws Exception {
		Asking asking = new Asking(Asking.POLICY);
		List<String> frames = Asking.frames(100);
		Sinks.One<LlmResponse> answer = Sinks.one();
		asking.provider = (request) -> answer.asMono();
		String more = stream ? ",\"stream\":true" : "";
		List<CompletableFuture<String>> texts = new ArrayList<>();
		CountDownLatch asked = new CountDownLatch(1000);
		for (int i = 0; i < 1000; i++) {
			texts.add(CompletableFuture.supplyAsync(() -> {
				CompletableFuture<LlmResponse> future = asking.ask(Asking.chat(more)).toFuture();
				asked.countDown();
				return future;
			}, THREADS).thenCompose((future) -> future).thenApplyAsync(Asking::text, THREADS));
		}
		assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
		answer.tryEmitValue(stream ? Asking.stream(Flux.fromIterable(frames).publishOn(Schedulers.parallel()))
				: Asking.json(Asking.answer("one")));
		for (CompletableFuture<String> text : texts) {
			assertThat(text.get(10, TimeUnit.SECONDS)).isEqualTo(stream ? String.join("", frames) : "one");
		}
		assertThat(asking.calls).hasSize(1);
	}

	/** The one who asked first leaves at any point: the others get all of the answer. */
	@Test
	void whoAskedFirstMayLeave() throws Exception {
		List<String> frames = Asking.frames(30);
		String whole = String.join("", frames);
		for (int seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			Asking asking = new Asking(Asking.POLICY);
			Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
			AtomicBoolean cancelled = new AtomicBoolean();
			asking.provider = (request) -> Mono.just(Asking
				.stream(source.asFlux().doOnCancel(() -> cancelled.set(true)).publishOn(Schedulers.parallel(), 1)));
			Flux<String> first = body(asking);
			List<CompletableFuture<Flux<String>>> aboard = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				aboard.add(CompletableFuture.supplyAsync(() -> body(asking), THREADS));
			}
			CompletableFuture.allOf(aboard.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
			List<CompletableFuture<String>> followers = new ArrayList<>();
			aboard.forEach((body) -> followers.add(body.thenComposeAsync(
					(reading) -> reading.collectList().map((all) -> String.join("", all)).toFuture(), THREADS)));
			first.subscribe(new Leaving(random.nextInt(frames.size() + 1)));
			int join = random.nextInt(frames.size());
			for (int i = 0; i < frames.size(); i++) {
				source.tryEmitNext(frames.get(i));
				if (i == join) {
					followers.add(body(asking).collectList().map((all) -> String.join("", all)).toFuture());
				}
			}
			source.tryEmitComplete();
			for (CompletableFuture<String> follower : followers) {
				assertThat(follower.get(10, TimeUnit.SECONDS)).as("seed " + seed).isEqualTo(whole);
			}
			assertThat(asking.calls).as("seed " + seed).hasSize(1);
			assertThat(cancelled).as("seed " + seed).isFalse();
		}
	}

	private static Flux<String> body(Asking asking) {
		LlmResponse response = asking.ask(Asking.chat(",\"stream\":true")).block(Duration.ofSeconds(10));
		return ((ResponseBody.Wire) response.body()).content().map((buffer) -> buffer.toString(StandardCharsets.UTF_8));
	}

	/** Some leave, some are slow, and all who stay get all of a long answer. */
	@Test
	void everybodyGetsAllOfAnAnswerThatIsTooLongToKeep() throws Exception {
		for (int seed = 0; seed < 30; seed++) {
			Asking asking = new Asking(Asking.POLICY);
			List<String> frames = Asking.frames(1200);
			Sinks.One<LlmResponse> answer = Sinks.one();
			asking.provider = (request) -> answer.asMono();
			List<CompletableFuture<LlmResponse>> heads = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				heads.add(asking.ask(Asking.chat(",\"stream\":true")).toFuture());
			}
			answer.tryEmitValue(Asking.stream(Flux.fromIterable(frames).publishOn(Schedulers.parallel(), 8)));
			List<CompletableFuture<List<String>>> all = new ArrayList<>();
			for (int i = 0; i < heads.size(); i++) {
				Flux<String> body = ((ResponseBody.Wire) heads.get(i).get().body()).content()
					.map((buffer) -> buffer.toString(StandardCharsets.UTF_8));
				if (i % 3 == 0) {
					body.subscribe(new Leaving(ThreadLocalRandom.current().nextInt(1000)));
				}
				else {
					all.add(body.limitRate(1 + i).publishOn(Schedulers.parallel(), 1 + i).collectList().toFuture());
				}
			}
			for (CompletableFuture<List<String>> got : all) {
				assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo(frames);
			}
			assertThat(asking.calls).hasSize(1);
		}
	}

	/** Leaves after so many frames. */
	private static final class Leaving extends BaseSubscriber<String> {

		private int left;

		Leaving(int after) {
			this.left = after;
		}

		@Override
		protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
			if (this.left == 0) {
				subscription.cancel();
			}
			else {
				subscription.request(Long.MAX_VALUE);
			}
		}

		@Override
		protected void hookOnNext(String value) {
			if (--this.left == 0) {
				cancel();
			}
		}

	}

}
