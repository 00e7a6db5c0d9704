package dev.llmproxy.cache;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CacheFilterTest {

	private static final Duration SOON = Duration.ofSeconds(5);

	private final Asking asking = new Asking(Asking.POLICY);

	@Test
	void answersTheSameQuestionOnce() {
		assertThat(this.asking.text(Asking.chat(""))).isEqualTo("miss: call 1");
		this.asking.now = this.asking.now.plusSeconds(3);
		LlmResponse again = this.asking.ask(Asking.chat("")).block(SOON);
		assertThat(again.headers().getFirst("llm-proxy-cache")).isEqualTo("hit");
		assertThat(again.headers().getFirst("age")).isEqualTo("3");
		assertThat(again.headers().getFirst("llm-proxy-cache-key")).hasSize(64);
		assertThat(again.outcome().free()).isTrue();
		assertThat(Asking.text(again)).isEqualTo("call 1");
		assertThat(this.asking.calls).hasSize(1);
	}

	@Test
	void forgetsWhenTheTimeIsOver() {
		this.asking.text(Asking.chat(""));
		this.asking.now = this.asking.now.plus(Duration.ofMinutes(10));
		assertThat(this.asking.text(Asking.chat(""))).isEqualTo("miss: call 2");
	}

	@Test
	void keepsEmbeddings() {
		String answer = """
				{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5,1]}],"usage":{"prompt_tokens":1,"total_tokens":1}}""";
		this.asking.provider = (request) -> Mono.just(Asking.json(answer));
		for (String outcome : List.of("miss", "hit")) {
			LlmResponse response = this.asking
				.ask(Asking.request(Asking.ALICE, Operation.EMBEDDINGS, "{\"model\":\"m\",\"input\":\"hi\"}"))
				.block(SOON);
			assertThat(response.headers().getFirst("llm-proxy-cache")).isEqualTo(outcome);
		}
	}

	@Test
	void sharesNothingAmongTenants() {
		this.asking.text(Asking.chat(""));
		Caller bob = new Caller("bob", List.of());
		assertThat(this.asking.text(Asking.request(bob, Operation.CHAT, Asking.body("")))).isEqualTo("miss: call 2");
	}

	@Test
	void sharesAmongKeysOfATeamIfThatIsWanted() {
		Asking shared = new Asking(new CachePolicy(true, Duration.ofMinutes(1), Duration.ofMinutes(1), 0, Duration.ZERO,
				Duration.ZERO, false, CachePolicy.Tenant.TEAM));
		shared.text(Asking.request(new Caller("a", List.of(), "team"), Operation.CHAT, Asking.body("")));
		assertThat(shared.text(Asking.request(new Caller("b", List.of(), "team"), Operation.CHAT, Asking.body(""))))
			.isEqualTo("hit: call 1");
		// A key whose id is the team's name is no member for that.
		assertThat(shared.text(Asking.request(new Caller("team", List.of()), Operation.CHAT, Asking.body(""))))
			.isEqualTo("miss: call 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { ",\"seed\":1", ",\"user\":\"u\"", ",\"top_p\":0.5", ",\"max_tokens\":5",
			",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", ",\"metadata\":{\"a\":\"b\"}",
			",\"unheard_of\":1", ",\"cache\":{\"namespace\":\"n\"}" })
	void takesNothingForTheSameThatIsNot(String more) {
		this.asking.text(Asking.chat(""));
		assertThat(this.asking.text(Asking.chat(more))).isEqualTo("miss: call 2");
		assertThat(this.asking.text(Asking.chat(more))).isEqualTo("hit: call 2");
	}

	@Test
	void tellsApartWhatHeadersAndRoutesTellApart() {
		LlmRequest branch = Asking.request(Asking.ALICE, Operation.CHAT, Asking.body(""),
				Asking.header("x-branch", "b"));
		this.asking.text(Asking.chat(""));
		assertThat(this.asking.text(branch)).isEqualTo("miss: call 2");
		this.asking.route = "up/other";
		LlmRequest beta = Asking.request(Asking.ALICE, Operation.CHAT, Asking.body(""), (builder) -> {
			org.springframework.http.HttpHeaders headers = new org.springframework.http.HttpHeaders();
			headers.set("OpenAI-Beta", "x");
			return builder.headers(headers);
		});
		assertThat(this.asking.text(beta)).isEqualTo("miss: call 3");
	}

	@Test
	void whatServesARequestIsPartOfTheQuestion() {
		LlmRequest edited = Asking.chat("").withChat(Asking.chat("").chat());
		this.asking.text(edited);
		assertThat(this.asking.text(edited)).isEqualTo("hit: call 1");
		this.asking.route = "up/other";
		assertThat(this.asking.text(edited)).isEqualTo("miss: call 2");
	}

	@Test
	void knowsWhatOthersOfTheChainHaveChanged() {
		LlmRequest request = Asking.chat("");
		LlmRequest edited = request.withChat(request.chat().mutate().message(Message.text(Role.USER, "more")).build());
		this.asking.text(request);
		assertThat(this.asking.text(edited)).isEqualTo("miss: call 2");
		assertThat(this.asking.text(edited)).isEqualTo("hit: call 2");
	}

	@ParameterizedTest
	@ValueSource(strings = { ",\"temperature\":0.1", "" })
	void leavesAloneWhatTheModelMightAnswerOtherwise(String temperature) {
		String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + temperature + "}";
		LlmRequest request = Asking.request(Asking.ALICE, Operation.CHAT, body);
		assertThat(this.asking.text(request)).isEqualTo("bypass: call 1");
		assertThat(this.asking.text(request)).isEqualTo("bypass: call 2");
		LlmRequest wanted = Asking.request(Asking.ALICE, Operation.CHAT,
				body.replace("\"m\"", "\"m\",\"cache\":{\"use-cache\":true}"));
		assertThat(this.asking.text(wanted)).isEqualTo("miss: call 3");
		assertThat(this.asking.text(wanted)).isEqualTo("hit: call 3");
		// What is for us is not passed on.
		assertThat(new String(this.asking.calls.get(2).body())).isEqualTo(body);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { ",\"store\":true", ",\"web_search_options\":{}", ",\"tools\":[{\"type\":\"web_search\"}]" })
	void leavesAloneWhatIsMoreThanAQuestion(String more) {
		this.asking.text(Asking.chat(more));
		assertThat(this.asking.text(Asking.chat(more))).isEqualTo("bypass: call 2");
	}

	@Test
	void doesWhatCacheControlSays() {
		this.asking.text(Asking.chat(""));
		this.asking.now = this.asking.now.plusSeconds(60);
		assertThat(this.asking.text(controlled("no-store"))).isEqualTo("bypass: call 2");
		assertThat(this.asking.text(controlled("max-age=60"))).isEqualTo("hit: call 1");
		assertThat(this.asking.text(controlled("max-age=59"))).isEqualTo("miss: call 3");
		assertThat(this.asking.text(controlled("No-Cache"))).isEqualTo("miss: call 4");
		assertThat(this.asking.text(Asking.chat(""))).isEqualTo("hit: call 4");
		this.asking.now = this.asking.now.plus(Duration.ofHours(1));
		assertThatExceptionOfType(LlmException.class).isThrownBy(() -> this.asking.text(controlled("only-if-cached")))
			.satisfies((failure) -> assertThat(failure.status()).isEqualTo(504));
	}

	private static LlmRequest controlled(String value) {
		return Asking.request(Asking.ALICE, Operation.CHAT, Asking.body(""), Asking.header("cache-control", value));
	}

	@Test
	void doesWhatTheBodySays() {
		assertThat(this.asking.text(Asking.chat(",\"cache\":{\"ttl\":5}"))).isEqualTo("miss: call 1");
		this.asking.now = this.asking.now.plusSeconds(4);
		assertThat(this.asking.text(Asking.chat(""))).isEqualTo("hit: call 1");
		assertThat(this.asking.text(Asking.chat(",\"cache\":{\"s-maxage\":3}"))).isEqualTo("miss: call 2");
		assertThat(this.asking.text(Asking.chat(",\"cache\":{\"no-cache\":true}"))).isEqualTo("miss: call 3");
		assertThat(this.asking.text(Asking.chat(",\"cache\":{\"no-store\":true}"))).isEqualTo("bypass: call 4");
		assertThat(this.asking.text(Asking.chat(",\"cache\":null"))).isEqualTo("hit: call 3");
		assertThat(this.asking.calls)
			.allSatisfy((call) -> assertThat(new String(call.body())).isEqualTo(Asking.body("")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "{\"ttl\":-1}", "{\"ttl\":\"1\"}", "{\"no-store\":1}", "{\"other\":1}",
			"{\"namespace\":5}" })
	void refusesWhatTheBodyMustNotSay(String member) {
		assertThatExceptionOfType(LlmException.class)
			.isThrownBy(() -> this.asking.text(Asking.chat(",\"cache\":" + member)))
			.satisfies((failure) -> {
				assertThat(failure.status()).isEqualTo(400);
				assertThat(failure.error().param()).startsWith("cache");
				assertThat(failure.error().code()).isEqualTo("invalid_cache_control");
			});
	}

	@Test
	void keepsNoErrors() {
		this.asking.provider = (request) -> Mono.error(new LlmException(ErrorKind.UPSTREAM, "no"));
		assertThatExceptionOfType(LlmException.class).isThrownBy(() -> this.asking.text(Asking.chat("")));
		this.asking.provider = (request) -> Mono.just(Asking.json(Asking.answer("good")));
		assertThat(this.asking.text(Asking.chat(""))).isEqualTo("miss: good");
	}

	@ParameterizedTest
	@ValueSource(strings = { "content_filter", "strange" })
	void keepsNoAnswerThatWasCutOff(String finish) {
		this.asking.provider = (request) -> Mono.just(Asking.json(Asking.answer("part", finish)));
		this.asking.text(Asking.chat(""));
		assertThat(this.asking.text(Asking.chat(""))).startsWith("miss");
	}

	@Test
	void keepsNoStreamThatWasCutOff() {
		List<String> frames = Asking.frames(2)
			.stream()
			.map((frame) -> frame.replace("\"stop\"", "\"content_filter\""))
			.toList();
		this.asking.provider = (request) -> Mono.just(Asking.stream(Flux.fromIterable(frames)));
		this.asking.text(Asking.chat(",\"stream\":true"));
		assertThat(this.asking.text(Asking.chat(",\"stream\":true"))).startsWith("miss");
	}

	@Test
	void keepsNothingMarkedNoStoreAndNothingTooLarge() {
		this.asking.provider = (request) -> {
			LlmResponse response = Asking.json(Asking.answer("a"));
			response.headers().set("cache-control", "private, no-store");
			return Mono.just(response);
		};
		this.asking.text(Asking.chat(""));
		assertThat(this.asking.text(Asking.chat(""))).startsWith("miss");
		this.asking.provider = (request) -> Mono.just(Asking.json(Asking.answer("x".repeat(65 * 1024))));
		this.asking.text(Asking.chat(""));
		assertThat(this.asking.text(Asking.chat(""))).startsWith("miss");
		assertThat(this.asking.local.stats().answers()).isZero();
	}

	@Test
	void recordsStreamsAndPlaysThemAgain() {
		List<String> frames = Asking.frames(20);
		this.asking.provider = (request) -> Mono.just(Asking.stream(Flux.fromIterable(frames)));
		String whole = String.join("", frames);
		assertThat(this.asking.text(Asking.chat(",\"stream\":true"))).isEqualTo("miss: " + whole);
		assertThat(this.asking.text(Asking.chat(",\"stream\":true"))).isEqualTo("hit: " + whole);
		// And to who does not stream; the front converts it.
		assertThat(this.asking.text(Asking.chat(""))).isEqualTo("hit: " + whole);
		assertThat(this.asking.calls).hasSize(1);
	}

	@Test
	void keepsNoStreamThatBrokeOff() {
		Supplier<Flux<String>> broken = () -> Flux.fromIterable(Asking.frames(3).subList(0, 2))
			.concatWith(Mono.error(new LlmException(ErrorKind.UPSTREAM, "cut")));
		this.asking.provider = (request) -> Mono.just(Asking.stream(broken.get()));
		for (int i = 1; i <= 2; i++) {
			LlmResponse response = this.asking.ask(Asking.chat(",\"stream\":true")).block(SOON);
			assertThat(response.headers().getFirst("llm-proxy-cache")).isEqualTo("miss");
			assertThatExceptionOfType(LlmException.class).isThrownBy(() -> Asking.bytes(response));
		}
		// Neither one that only looks complete.
		this.asking.provider = (request) -> Mono.just(Asking.stream(Flux.fromIterable(Asking.frames(3).subList(0, 3))));
		this.asking.text(Asking.chat(",\"stream\":true"));
		assertThat(this.asking.text(Asking.chat(",\"stream\":true"))).startsWith("miss");
	}

	@Test
	void givesAStaleAnswerWhileItFetchesANewOne() {
		Asking stale = new Asking(new CachePolicy(true, Duration.ofSeconds(10), Duration.ofSeconds(10), 0,
				Duration.ofSeconds(10), Duration.ZERO, false, CachePolicy.Tenant.KEY));
		stale.text(Asking.chat(""));
		stale.now = stale.now.plusSeconds(15);
		assertThat(stale.text(Asking.chat(""))).isEqualTo("hit: call 1");
		assertThat(stale.calls).hasSize(2);
		assertThat(stale.text(Asking.chat(""))).isEqualTo("hit: call 2");
		stale.now = stale.now.plusSeconds(20);
		assertThat(stale.text(Asking.chat(""))).isEqualTo("miss: call 3");
	}

	@Test
	void givesAStaleAnswerRatherThanAnErrorThatMayPass() {
		Asking stale = new Asking(new CachePolicy(true, Duration.ofSeconds(10), Duration.ofSeconds(10), 0,
				Duration.ZERO, Duration.ofSeconds(10), false, CachePolicy.Tenant.KEY));
		stale.text(Asking.chat(""));
		stale.now = stale.now.plusSeconds(15);
		stale.provider = (request) -> Mono.error(new LlmException(ErrorKind.OVERLOADED, "busy"));
		assertThat(stale.text(Asking.chat(""))).isEqualTo("hit: call 1");
		stale.provider = (request) -> Mono.error(new LlmException(ErrorKind.INVALID_REQUEST, "bad"));
		assertThatExceptionOfType(LlmException.class).isThrownBy(() -> stale.text(Asking.chat("")));
		stale.provider = (request) -> Mono.error(new LlmException(ErrorKind.OVERLOADED, "busy"));
		stale.now = stale.now.plusSeconds(5);
		assertThatExceptionOfType(LlmException.class).isThrownBy(() -> stale.text(Asking.chat("")));
	}

	@Test
	void keepsLongerWhatIsAskedForOften() {
		Asking hot = new Asking(new CachePolicy(true, Duration.ofSeconds(10), Duration.ofSeconds(30), 2, Duration.ZERO,
				Duration.ZERO, false, CachePolicy.Tenant.KEY));
		hot.text(Asking.chat(""));
		for (int i = 0; i < 3; i++) {
			assertThat(hot.text(Asking.chat(""))).isEqualTo("hit: call 1");
		}
		hot.now = hot.now.plusSeconds(15);
		assertThat(hot.text(Asking.chat(""))).isEqualTo("hit: call 1");
		hot.text(Asking.chat(""));
		hot.now = hot.now.plusSeconds(14);
		assertThat(hot.text(Asking.chat(""))).isEqualTo("hit: call 1");
		hot.now = hot.now.plusSeconds(1);
		assertThat(hot.text(Asking.chat(""))).isEqualTo("miss: call 2");
	}

	@Test
	void asksNobodyElseForWhatSomebodyAskedAlready() {
		Sinks.One<LlmResponse> answer = Sinks.one();
		this.asking.provider = (request) -> answer.asMono();
		List<Mono<String>> texts = java.util.stream.IntStream.range(0, 50)
			.mapToObj((i) -> this.asking.ask(Asking.chat(""))
				.map((response) -> response.headers().getFirst("llm-proxy-cache") + response.outcome().free())
				.cache())
			.toList();
		texts.forEach(Mono::subscribe);
		answer.tryEmitValue(Asking.json(Asking.answer("one")));
		assertThat(Flux.concat(texts).collectList().block(SOON)).containsOnlyOnce("missfalse")
			.filteredOn("coalescedtrue"::equals)
			.hasSize(49);
		assertThat(this.asking.calls).hasSize(1);
		assertThat(this.asking.text(Asking.chat(""))).isEqualTo("hit: one");
	}

	@Test
	void tellsAllWhoWaitOfAFailure() {
		Sinks.One<LlmResponse> answer = Sinks.one();
		this.asking.provider = (request) -> answer.asMono();
		List<Mono<LlmResponse>> waiting = List.of(this.asking.ask(Asking.chat("")).cache(),
				this.asking.ask(Asking.chat("")).cache());
		waiting.forEach((one) -> one.onErrorComplete().subscribe());
		answer.tryEmitError(new LlmException(ErrorKind.UPSTREAM, "no"));
		waiting.forEach((one) -> assertThatExceptionOfType(LlmException.class).isThrownBy(() -> one.block(SOON)));
		assertThat(this.asking.calls).hasSize(1);
	}

	@Test
	void endsTheCallWhenNobodyWaitsForIt() {
		Sinks.Many<String> frames = Sinks.many().unicast().onBackpressureBuffer();
		boolean[] cancelled = new boolean[1];
		this.asking.provider = (request) -> Mono
			.just(Asking.stream(frames.asFlux().doOnCancel(() -> cancelled[0] = true)));
		LlmResponse first = this.asking.ask(Asking.chat(",\"stream\":true")).block(SOON);
		LlmResponse second = this.asking.ask(Asking.chat(",\"stream\":true")).block(SOON);
		first.body().discard();
		assertThat(cancelled[0]).isFalse();
		second.body().discard();
		assertThat(cancelled[0]).isTrue();
		this.asking.provider = (request) -> Mono.just(Asking.stream(Flux.fromIterable(Asking.frames(1))));
		assertThat(this.asking.text(Asking.chat(",\"stream\":true"))).startsWith("miss");
	}

	@Test
	void passesOnWhatIsTooLongToKeepAtTheReadersPace() {
		List<String> frames = Asking.frames(2000);
		int[] asked = new int[1];
		this.asking.provider = (request) -> Mono
			.just(Asking.stream(Flux.fromIterable(frames).doOnNext((f) -> asked[0]++)));
		LlmResponse response = this.asking.ask(Asking.chat(",\"stream\":true")).block(SOON);
		Flux<String> text = ((ResponseBody.Wire) response.body()).content()
			.map((buffer) -> buffer.toString(java.nio.charset.StandardCharsets.UTF_8));
		List<String> got = new java.util.ArrayList<>();
		reactor.core.publisher.BaseSubscriber<String> slow = new reactor.core.publisher.BaseSubscriber<>() {
			@Override
			protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
				// Asks for nothing.
			}

			@Override
			protected void hookOnNext(String value) {
				got.add(value);
			}
		};
		text.subscribe(slow);
		int ahead = asked[0];
		assertThat(ahead).isLessThan(1000);
		slow.request(400);
		assertThat(got).hasSize(400);
		assertThat(asked[0]).isBetween(ahead, Math.max(ahead, 432));
		slow.requestUnbounded();
		assertThat(got).isEqualTo(frames);
		assertThat(this.asking.local.stats().answers()).isZero();
	}

	@Test
	void givesBackAllMemory() {
		Counting budget = new Counting();
		Asking counted = new Asking(Asking.POLICY, SharedAnswers.NONE, budget);
		counted.provider = (request) -> Mono.just(Asking.stream(Flux.fromIterable(Asking.frames(50))));
		counted.text(Asking.chat(",\"stream\":true"));
		assertThat(budget.recording).isZero();
		assertThat(budget.cache).isEqualTo(counted.local.stats().bytes()).isPositive();
		// Left half-way.
		Sinks.Many<String> frames = Sinks.many().unicast().onBackpressureBuffer();
		counted.provider = (request) -> Mono.just(Asking.stream(frames.asFlux()));
		LlmResponse left = counted.ask(Asking.chat(",\"stream\":true,\"seed\":1")).block(SOON);
		frames.tryEmitNext(Asking.frames(1).get(0));
		assertThat(budget.recording).isPositive();
		left.body().discard();
		assertThat(budget.recording).isZero();
		counted.local.forget(AnswerPattern.ALL);
		assertThat(budget.cache).isZero();
		// Too short of memory to record.
		budget.pressure = MemoryBudget.Pressure.HIGH;
		counted.provider = (request) -> Mono.just(Asking.stream(Flux.fromIterable(Asking.frames(5))));
		counted.text(Asking.chat(",\"stream\":true"));
		assertThat(counted.local.stats().answers()).isZero();
	}

	@Test
	void forgetsByTenantAndModel() {
		this.asking.text(Asking.chat(""));
		assertThat(this.asking.local.forget(new AnswerPattern("key:bob", "*"))).isZero();
		assertThat(this.asking.local.forget(new AnswerPattern("key:*", "other"))).isZero();
		assertThat(this.asking.local.forget(new AnswerPattern("key:al*", "m"))).isEqualTo(1);
		assertThat(this.asking.text(Asking.chat(""))).isEqualTo("miss: call 2");
	}

	@Test
	void isOutOfTheWayWhereNothingIsKept() {
		Asking off = new Asking(CachePolicy.OFF);
		LlmResponse response = off.ask(Asking.chat("")).block(SOON);
		assertThat(response.headers().containsHeader("llm-proxy-cache")).isFalse();
	}

	/** Counts what is held. */
	private static final class Counting implements MemoryBudget {

		private long recording;

		private long cache;

		private Pressure pressure = Pressure.NONE;

		@Override
		public boolean reserve(Use use, long bytes) {
			add(use, bytes);
			return true;
		}

		@Override
		public void release(Use use, long bytes) {
			add(use, -bytes);
		}

		private void add(Use use, long bytes) {
			if (use == Use.CACHE) {
				this.cache += bytes;
			}
			else {
				this.recording += bytes;
			}
		}

		@Override
		public Pressure pressure() {
			return this.pressure;
		}

		@Override
		public void onPressure(java.util.function.Consumer<Pressure> listener) {
			// It is read only.
		}

	}

}
