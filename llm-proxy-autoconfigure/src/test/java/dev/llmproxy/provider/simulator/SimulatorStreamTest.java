package dev.llmproxy.provider.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ChatResponseAssembler;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.ResponseBody;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/** How the simulator's answers come; time is virtual. */
class SimulatorStreamTest {

	private static final SimulatorSettings TEN_A_SECOND = new SimulatorSettings(10, Duration.ofSeconds(1),
			Duration.ofMinutes(5), 1536);

	@Test
	void theHeadComesAfterTheFirstTokensDelay() {
		StepVerifier.withVirtualTime(() -> head("chat"))
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(1).minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.expectNextCount(1)
			.verifyComplete();
	}

	@Test
	void theFirstTokenFollowsAtOnceAndTheOthersInTheirTime() {
		StepVerifier.withVirtualTime(() -> events("chat"))
			.thenAwait(Duration.ofSeconds(1))
			.expectNextMatches(ChatEvent.Started.class::isInstance)
			.expectNext(new ChatEvent.TextDelta(0, "This"))
			.expectNoEvent(Duration.ofMillis(99))
			.thenAwait(Duration.ofMillis(1))
			.expectNext(new ChatEvent.TextDelta(0, " is"))
			.expectNoEvent(Duration.ofMillis(99))
			.thenAwait(Duration.ofMillis(1))
			.expectNext(new ChatEvent.TextDelta(0, " the"))
			.thenCancel()
			.verify();
	}

	@Test
	void theModelsNameSetsThePace() {
		StepVerifier.withVirtualTime(() -> events("tps-2+delay-3s"))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(2999))
			.thenAwait(Duration.ofMillis(1))
			.expectNextCount(2)
			.expectNoEvent(Duration.ofMillis(499))
			.thenAwait(Duration.ofMillis(1))
			.expectNextCount(1)
			.thenCancel()
			.verify();
	}

	@Test
	void instantAnswersNeedNoTimeAtAll() {
		StepVerifier.withVirtualTime(() -> events("instant").count())
			.thenAwait(Duration.ZERO)
			.expectNextCount(1)
			.verifyComplete();
	}

	@Test
	void slowModelsKeepOneWaiting() {
		StepVerifier.withVirtualTime(() -> head("slow"))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(9999))
			.thenAwait(Duration.ofMillis(1))
			.expectNextCount(1)
			.verifyComplete();
	}

	@Test
	void aWholeAnswerTakesAsLongAsItsStream() {
		ChatRequest request = request("chat").stream(false).build();
		int tokens = Tokens.count(new Simulation().answer(request).text());
		StepVerifier.withVirtualTime(() -> slowSimulation().ask(request))
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(1).plusMillis(100L * tokens - 1))
			.thenAwait(Duration.ofMillis(1))
			.expectNextCount(1)
			.verifyComplete();
	}

	@Test
	void emitsNothingThatNobodyAskedFor() {
		StepVerifier.withVirtualTime(() -> events("chat"), 2)
			.thenAwait(Duration.ofMinutes(10))
			.expectNextCount(2)
			.expectNoEvent(Duration.ofMinutes(10))
			.thenRequest(1)
			.expectNext(new ChatEvent.TextDelta(0, " is"))
			.expectNoEvent(Duration.ofMinutes(10))
			.thenCancel()
			.verify();
	}

	@Test
	void stopsWhenNobodyListensAnyMore() {
		List<ChatEvent> seen = new ArrayList<>();
		VirtualTimeScheduler time = VirtualTimeScheduler.create();
		Simulation simulation = new Simulation(TEN_A_SECOND, time);
		Flux<ChatEvent> events = simulation.ask(request("chat").build())
			.flatMapMany((head) -> ((ResponseBody.Events) head.body()).events());
		var subscription = events.subscribe(seen::add);
		time.advanceTimeBy(Duration.ofMillis(1100));
		int before = seen.size();
		assertThat(before).isPositive();
		subscription.dispose();
		time.advanceTimeBy(Duration.ofMinutes(10));
		assertThat(seen).hasSize(before);
	}

	@Test
	void aStreamPutTogetherIsTheWholeAnswer() {
		ChatRequest.Builder request = request("chat").n(2).reasoning(ReasoningConfig.effort("low"));
		assertSame(request);
		assertSame(request.tool(new Tool.Function("say", "Says hello", null, null, null)));
		assertSame(request("refusal"));
		assertSame(request("empty"));
		assertSame(request("content-filter"));
	}

	private static void assertSame(ChatRequest.Builder request) {
		Simulation simulation = new Simulation();
		ChatResponse whole = simulation.answer(request.stream(false).build());
		ChatResponseAssembler assembler = new ChatResponseAssembler();
		List<ChatEvent> events = simulation.events(request.build());
		events.forEach(assembler::accept);
		assertThat(assembler.assemble()).isEqualTo(whole);
		assertThat(events.get(0)).isInstanceOf(ChatEvent.Started.class);
		assertThat(events.get(events.size() - 1)).isInstanceOf(ChatEvent.UsageReported.class);
	}

	@Test
	void severalAnswersTakeTurns() {
		List<ChatEvent> events = new Simulation().events(request("chat").n(2).build());
		assertThat(events.subList(1, 5)).extracting((event) -> ((ChatEvent.TextDelta) event).choice())
			.containsExactly(0, 1, 0, 1);
	}

	@Test
	void theUsageIsKnownWhenTheBodyEnds() {
		LlmResponse head = new Simulation().head(request("chat").build());
		assertThat(head.outcome().usage()).isNull();
		((ResponseBody.Events) head.body()).events().blockLast(Duration.ofSeconds(10));
		assertThat(head.outcome().usage()).isNotNull();
	}

	@Test
	void aStreamThatIsCutEndsWithAFailureAfterSomeTokens() {
		List<ChatEvent> events = new Simulation().events(request("cut-mid-stream").build());
		assertThat(events).hasSizeGreaterThan(3);
		assertThat(events.get(1)).isInstanceOf(ChatEvent.TextDelta.class);
		assertThat(events).noneMatch(ChatEvent.Finished.class::isInstance);
		assertThat(events.get(events.size() - 1)).isInstanceOfSatisfying(ChatEvent.Failed.class, (failed) -> {
			assertThat(failed.error().kind()).isEqualTo(ErrorKind.UPSTREAM);
			assertThat(failed.error().code()).isEqualTo("upstream_connection");
		});
	}

	@Test
	void theOutcomeTellsThatAStreamWasCut() {
		LlmResponse head = new Simulation().head(request("cut-mid-stream").build());
		((ResponseBody.Events) head.body()).events().blockLast(Duration.ofSeconds(10));
		assertThat(head.outcome().error()).isNotNull();
		assertThat(head.outcome().usage()).isNull();
	}

	@Test
	void aStreamThatStallsIsGivenUpInTheEnd() {
		StepVerifier.withVirtualTime(() -> events("stall-mid-stream").skipUntil(ChatEvent.Failed.class::isInstance))
			.expectSubscription()
			.expectNoEvent(Duration.ofMinutes(5))
			.thenAwait(Duration.ofMinutes(1))
			.expectNextMatches((event) -> ((ChatEvent.Failed) event).error().kind() == ErrorKind.TIMEOUT)
			.verifyComplete();
	}

	@Test
	void aModelThatStallsIsGivenUpInTheEnd() {
		StepVerifier.withVirtualTime(() -> head("stall"))
			.expectSubscription()
			.expectNoEvent(Duration.ofMinutes(5).minusMillis(1))
			.thenAwait(Duration.ofMillis(1))
			.expectErrorMatches((failure) -> ((LlmException) failure).status() == 504)
			.verify();
	}

	private static Mono<LlmResponse> head(String model) {
		return slowSimulation().ask(request(model).build());
	}

	private static Flux<ChatEvent> events(String model) {
		return head(model).flatMapMany((head) -> ((ResponseBody.Events) head.body()).events());
	}

	private static Simulation slowSimulation() {
		return new Simulation(TEN_A_SECOND, Schedulers.parallel());
	}

	private static ChatRequest.Builder request(String model) {
		return Simulation.ask(model, "Say hello").stream(true);
	}

}
