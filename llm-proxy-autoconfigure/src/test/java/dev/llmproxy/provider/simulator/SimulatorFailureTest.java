package dev.llmproxy.provider.simulator;

import java.time.Duration;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/** How the simulator fails by name. */
class SimulatorFailureTest {

	private final Simulation simulation = new Simulation();

	@ParameterizedTest
	@CsvSource(textBlock = """
			400, INVALID_REQUEST, 400, false
			401, UPSTREAM_AUTHENTICATION, 502, true
			403, UPSTREAM_AUTHENTICATION, 502, true
			404, NOT_FOUND, 404, false
			408, TIMEOUT, 408, true
			413, PAYLOAD_TOO_LARGE, 413, false
			429, RATE_LIMIT, 429, true
			500, UPSTREAM, 500, true
			502, UPSTREAM, 502, true
			503, OVERLOADED, 503, true
			529, OVERLOADED, 529, true
			""")
	void refusesWithAStatusAsARealProviderWould(int status, ErrorKind kind, int shown, boolean retryable) {
		LlmException failure = failure(Simulation.ask("error-" + status, "Hi").build());
		assertThat(failure.kind()).isEqualTo(kind);
		assertThat(failure.status()).isEqualTo(shown);
		assertThat(failure.kind().retryable()).isEqualTo(retryable);
		assertThat(failure.upstream()).isNotNull();
		assertThat(failure.upstream().status()).isEqualTo(status);
		assertThat(failure.getMessage()).startsWith("Simulated: ");
	}

	@Test
	void asksToWaitWhereThereAreTooManyRequests() {
		assertThat(failure(Simulation.ask("error-429", "Hi").build()).retryAfter()).isEqualTo(Duration.ofSeconds(2));
		assertThat(failure(Simulation.ask("error-503", "Hi").build()).retryAfter()).isNull();
	}

	@Test
	void failsForStreamsBeforeTheyBegin() {
		assertThat(failure(Simulation.ask("error-500", "Hi").stream(true).build()).status()).isEqualTo(500);
	}

	@Test
	void failsForOtherOperationsToo() {
		StepVerifier.create(this.simulation.ask(Operation.EMBEDDINGS, Dialect.OPENAI, "error-503", "{\"input\":\"a\"}"))
			.verifyErrorMatches((failure) -> ((LlmException) failure).status() == 503);
	}

	@Test
	void failuresTakeTheirTime() {
		StepVerifier
			.withVirtualTime(() -> new Simulation(Simulation.AT_ONCE, Schedulers.parallel())
				.ask(Simulation.ask("error-500+delay-2s", "Hi").build()))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(1999))
			.thenAwait(Duration.ofMillis(1))
			.verifyError(LlmException.class);
	}

	@Test
	void saysThatThePromptIsTooLong() {
		LlmException failure = failure(Simulation.ask("context-length", "Hi").build());
		assertThat(failure.kind()).isEqualTo(ErrorKind.CONTEXT_LENGTH);
		assertThat(failure.status()).isEqualTo(400);
		assertThat(failure.error().code()).isEqualTo("context_length_exceeded");
	}

	@Test
	void saysThatThePromptIsNotAllowed() {
		assertThat(failure(Simulation.ask("content-policy", "Hi").build()).kind()).isEqualTo(ErrorKind.CONTENT_POLICY);
	}

	@Test
	void cutsAnAnswerOffForItsContent() {
		ChatResponse answer = this.simulation.answer(Simulation.ask("content-filter", "Hi").build());
		assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
		assertThat(answer.text()).startsWith("This is").doesNotContain("You said");
	}

	@Test
	void aLimitBeforeTheFilterCountsAsALimit() {
		ChatResponse answer = this.simulation.answer(Simulation.ask("content-filter", "Hi").maxTokens(2).build());
		assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
	}

	@Test
	void declines() {
		ChatResponse answer = this.simulation.answer(Simulation.ask("refusal", "Hi").build());
		assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.REFUSAL);
		assertThat(answer.choices().get(0).parts()).singleElement().isInstanceOf(Part.Refusal.class);
	}

	@Test
	void answersWithNothing() {
		ChatResponse answer = this.simulation.answer(Simulation.ask("empty", "Hi").build());
		assertThat(answer.choices().get(0).parts()).isEmpty();
		assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
	}

	@Test
	void failsEveryOtherTime() {
		ChatRequest request = Simulation.ask("flaky", "Hi").build();
		for (int i = 0; i < 3; i++) {
			assertThat(failure(request).status()).isEqualTo(503);
			assertThatNoException().isThrownBy(() -> this.simulation.answer(request));
		}
	}

	@Test
	void anAnswerThatWouldBeCutIsAFailureWhereItIsWanted() {
		assertThat(failure(Simulation.ask("cut-mid-stream", "Hi").build()).status()).isEqualTo(502);
	}

	@Test
	void anyOtherNameAnswers() {
		for (String name : new String[] { "gpt-4o", "error-", "error-999", "tps-x", "stalling", "openai/gpt-4o" }) {
			assertThat(this.simulation.answer(Simulation.ask(name, "Hi").build()).text()).contains("You said");
		}
	}

	@Test
	void everyListedModelIsWhatItsNameSays() {
		assertThat(this.simulation.provider().models().map(Provider.Model::id).collectList().block())
			.contains("flaky", "error-529", "stall", "fast")
			.doesNotHaveDuplicates();
		for (Behaviour behaviour : Behaviour.values()) {
			String name = (behaviour == Behaviour.ERROR) ? "error-500"
					: (behaviour == Behaviour.ANSWER) ? "chat" : behaviour.word();
			assertThat(SimulatedModel.NAMES).contains(name);
			assertThat(SimulatedModel.of(name, Simulation.AT_ONCE).behaviour()).isEqualTo(behaviour);
		}
	}

	private LlmException failure(ChatRequest request) {
		return (LlmException) catchThrowable(() -> this.simulation.head(request));
	}

}
