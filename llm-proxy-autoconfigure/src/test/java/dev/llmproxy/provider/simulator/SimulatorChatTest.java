package dev.llmproxy.provider.simulator;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.LlmResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What the simulator answers. */
class SimulatorChatTest {

	private final Simulation simulation = new Simulation();

	@Test
	void saysWhatItIsAndRepeatsTheQuestion() {
		ChatResponse answer = this.simulation.answer(Simulation.ask("gpt-4o", "What is love?").build());
		assertThat(answer.text())
			.isEqualTo("This is the simulator answering as 'gpt-4o'; no model was asked. You said: \"What is love?\".");
		assertThat(answer.model()).isEqualTo("gpt-4o");
		assertThat(answer.id()).isEqualTo("sim-r1");
		assertThat(answer.created()).isEqualTo(1736942400);
		assertThat(answer.choices()).singleElement()
			.satisfies((choice) -> assertThat(choice.finishReason()).isEqualTo(FinishReason.STOP));
	}

	@Test
	void saysInAHeaderThatItIsSimulated() {
		LlmResponse head = this.simulation.head(Simulation.ask("chat", "Hi").build());
		assertThat(head.headers().getFirst("llm-proxy-simulated")).isEqualTo("true");
	}

	@Test
	void givesEqualAnswersToEqualRequests() {
		assertThat(this.simulation.answer("Hi")).isEqualTo(new Simulation().answer("Hi"));
	}

	@Test
	void countsWhatCameWithTheQuestion() {
		MediaSource source = new MediaSource.Url("https://example.com/a");
		ChatRequest request = ChatRequest.builder("chat")
			.message(new Message(Role.USER,
					List.of(Part.text("Look"), new Part.Image(source, null, null), new Part.Image(source, null, null),
							new Part.Document(source, null, null), new Part.Audio(source))))
			.build();
		assertThat(this.simulation.answer(request).text())
			.contains("With it came 2 images, 1 document and 1 recording.");
	}

	@Test
	void answersTheLastOfSeveralMessages() {
		ChatRequest request = ChatRequest.builder("chat")
			.message(Message.text(Role.SYSTEM, "Be kind"))
			.message(Message.text(Role.USER, "First"))
			.message(Message.text(Role.ASSISTANT, "Yes?"))
			.message(Message.text(Role.USER, "Second"))
			.build();
		assertThat(this.simulation.answer(request).text())
			.contains("You said: \"Second\". It is your message number 2.")
			.doesNotContain("First");
	}

	@Test
	void answersAConversationWithoutAQuestion() {
		ChatRequest request = ChatRequest.builder("chat").message(Message.text(Role.SYSTEM, "Be kind")).build();
		assertThat(this.simulation.answer(request).text()).contains("You asked nothing.");
	}

	@Test
	void doesNotRepeatALongQuestionWhole() {
		String question = "\uD83D\uDE00".repeat(30_000);
		assertThat(this.simulation.answer(question).text()).contains("\uD83D\uDE00".repeat(500) + "…\"")
			.hasSizeLessThan(1200);
	}

	@Test
	void stopsAtTheLimitOfTokens() {
		ChatResponse whole = this.simulation.answer("Hi");
		ChatResponse cut = this.simulation.answer(Simulation.ask("chat", "Hi").maxTokens(5).build());
		assertThat(cut.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
		assertThat(usage(cut).outputTokens()).isEqualTo(5);
		assertThat(whole.text()).startsWith(cut.text());
		assertThat(Tokens.count(cut.text())).isEqualTo(5);
	}

	@Test
	void endsNormallyWhereTheLimitIsJustEnough() {
		int tokens = (int) usage(this.simulation.answer("Hi")).outputTokens();
		ChatRequest.Builder request = Simulation.ask("chat", "Hi");
		assertThat(this.simulation.answer(request.maxTokens(tokens).build()).choices().get(0).finishReason())
			.isEqualTo(FinishReason.STOP);
		assertThat(this.simulation.answer(request.maxTokens(tokens - 1).build()).choices().get(0).finishReason())
			.isEqualTo(FinishReason.LENGTH);
	}

	@Test
	void stopsBeforeTheFirstStopSequence() {
		ChatResponse answer = this.simulation
			.answer(Simulation.ask("chat", "Hi").stop(List.of("asked", "answering", "nowhere")).build());
		assertThat(answer.text()).isEqualTo("This is the simulator ");
		assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
		assertThat(answer.choices().get(0).stopSequence()).isEqualTo("answering");
	}

	@Test
	void namesNoStopSequenceThatTheLimitCameBefore() {
		ChatResponse answer = this.simulation
			.answer(Simulation.ask("chat", "Hi").stop(List.of("asked")).maxTokens(2).build());
		assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
		assertThat(answer.choices().get(0).stopSequence()).isNull();
	}

	@Test
	void givesAsManyAnswersAsAreWanted() {
		ChatResponse answer = this.simulation.answer(Simulation.ask("chat", "Hi").n(3).build());
		assertThat(answer.choices()).extracting(ChatResponse.Choice::index).containsExactly(0, 1, 2);
		assertThat(answer.choices()).extracting(ChatResponse.Choice::text)
			.allMatch((text) -> text.contains("You said: \"Hi\""))
			.doesNotHaveDuplicates();
	}

	@Test
	void countsTokens() {
		ChatResponse answer = this.simulation.answer("Hello there");
		assertThat(usage(answer).inputTokens()).isEqualTo(9);
		assertThat(usage(answer).outputTokens()).isEqualTo(Tokens.count(answer.text()));
		assertThat(usage(answer).estimated()).isFalse();
	}

	@Test
	void thinksWhenAsked() {
		ChatResponse answer = this.simulation
			.answer(Simulation.ask("chat", "Hi").reasoning(ReasoningConfig.effort("high")).build());
		assertThat(answer.choices().get(0).parts()).hasSize(2);
		Part.Reasoning thoughts = (Part.Reasoning) answer.choices().get(0).parts().get(0);
		assertThat(thoughts.text()).contains("\"Hi\"");
		assertThat(thoughts.signature()).isNotNull();
		assertThat(usage(answer).reasoningTokens()).isEqualTo(Tokens.count(thoughts.text()));
		assertThat(usage(answer).outputTokens())
			.isEqualTo(usage(answer).reasoningTokens() + Tokens.count(answer.text()));
	}

	@Test
	void doesNotThinkWhenForbidden() {
		ChatRequest request = Simulation.ask("chat", "Hi").reasoning(ReasoningConfig.effort("none")).build();
		assertThat(this.simulation.answer(request).choices().get(0).parts()).hasSize(1);
	}

	@Test
	void thoughtsCountAgainstTheLimit() {
		ChatRequest request = Simulation.ask("chat", "Hi")
			.reasoning(ReasoningConfig.effort("low"))
			.maxTokens(3)
			.build();
		ChatResponse answer = this.simulation.answer(request);
		assertThat(answer.choices().get(0).parts()).singleElement().isInstanceOf(Part.Reasoning.class);
		assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
		assertThat(usage(answer).outputTokens()).isEqualTo(3);
	}

	@Test
	void thinksNoMoreThanTheBudget() {
		ChatRequest request = Simulation.ask("chat", "Hi").reasoning(new ReasoningConfig(true, null, 4, null)).build();
		assertThat(usage(this.simulation.answer(request)).reasoningTokens()).isEqualTo(4);
	}

	@Test
	void answersInJsonThatSatisfiesASchema() {
		Map<String, Object> schema = Map.of("type", "object", "required", List.of("mood", "score"), "properties", Map
			.of("mood", Map.of("enum", List.of("good", "bad")), "score", Map.of("type", "integer", "minimum", 3)));
		ChatRequest request = Simulation.ask("chat", "Hi")
			.responseFormat(new ResponseFormat.JsonSchema("m", null, schema, true))
			.build();
		JsonNode answer = JsonMapper.shared().readTree(this.simulation.answer(request).text());
		assertThat(answer.path("mood").asString()).isEqualTo("good");
		assertThat(answer.path("score").asInt()).isEqualTo(3);
	}

	@Test
	void answersWithAnyJsonObject() {
		ChatRequest request = Simulation.ask("chat", "Hi").responseFormat(new ResponseFormat.JsonObject()).build();
		JsonNode answer = JsonMapper.shared().readTree(this.simulation.answer(request).text());
		assertThat(answer.path("answer").asString()).contains("You said: \"Hi\"");
	}

	@Test
	void writesAsManyWordsAsTheModelsNameSays() {
		ChatResponse answer = this.simulation.answer(Simulation.ask("words-120", "Hi").build());
		assertThat(answer.text().split("\\s+")).hasSize(120);
	}

	@Test
	void writesNoMoreForManyAnswersAtOnce() {
		ChatResponse answer = this.simulation.answer(Simulation.ask("words-5000", "Hi").n(100).build());
		assertThat(usage(answer).outputTokens()).isLessThan(60_000);
	}

	private static Usage usage(ChatResponse answer) {
		assertThat(answer.usage()).isNotNull();
		return answer.usage();
	}

}
