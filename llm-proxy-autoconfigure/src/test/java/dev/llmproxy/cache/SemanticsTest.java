package dev.llmproxy.cache;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class SemanticsTest {

	private static final CachePolicy POLICY = new CachePolicy(true, Duration.ofMinutes(10), Duration.ofMinutes(10), 0,
			Duration.ZERO, Duration.ZERO, false, CachePolicy.Tenant.KEY, true);

	private static final SemanticSettings SETTINGS = new SemanticSettings(0.8, 0, 0.9, 100, Duration.ofSeconds(1));

	private Embedder embedder = (text) -> Mono.just(words(text));

	/** The words that a text has, whatever their order. */
	private static float[] words(String text) {
		float[] vector = new float[256];
		for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
			vector[Math.floorMod(word.hashCode(), vector.length)]++;
		}
		return vector;
	}

	private Asking asking(SemanticSettings settings) {
		return new Asking(POLICY, SharedAnswers.NONE, MemoryBudget.UNLIMITED, settings,
				(text) -> this.embedder.embed(text));
	}

	private static LlmRequest chat(String text) {
		return chat(text, "You help.", "");
	}

	private static LlmRequest chat(String text, String system, String more) {
		return Asking.request(Asking.ALICE, Operation.CHAT, body(text, system, more));
	}

	private static String body(String text, String system, String more) {
		return "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"system\",\"content\":\"" + system
				+ "\"},{\"role\":\"user\",\"content\":\"" + text + "\"}]" + more + "}";
	}

	@Test
	void givesTheAnswerToAQuestionOfTheSameMeaning() {
		Asking asking = asking(SETTINGS);
		assertThat(asking.text(chat("What is the capital of France?"))).isEqualTo("miss: call 1");
		LlmResponse similar = asking.ask(chat("Of France, what is the capital?")).block(Duration.ofSeconds(5));
		assertThat(similar.headers().getFirst("llm-proxy-cache")).isEqualTo("semantic");
		assertThat(Double.parseDouble(similar.headers().getFirst("llm-proxy-cache-similarity"))).isGreaterThan(0.99);
		assertThat(similar.outcome().free()).isTrue();
		assertThat(Asking.text(similar)).isEqualTo("call 1");
		// It is no answer of its own.
		assertThat(asking.text(chat("Of France, what is the capital?"))).isEqualTo("semantic: call 1");
		assertThat(asking.text(chat("What is the capital of France?"))).isEqualTo("hit: call 1");
		assertThat(asking.text(chat("How tall is Mount Everest?"))).isEqualTo("miss: call 2");
		assertThat(asking.semantics.stats().questions()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { ",\"max_tokens\":5", ",\"seed\":1",
			",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
			",\"response_format\":{\"type\":\"json_object\"}", ",\"cache\":{\"namespace\":\"n\"}" })
	void comparesNothingThatDiffersInAllElse(String more) {
		Asking asking = asking(SETTINGS);
		asking.text(chat("What is the capital of France?"));
		assertThat(asking.text(chat("Of France, what is the capital?", "You help.", more))).isEqualTo("miss: call 2");
	}

	@Test
	void comparesNothingAcrossTenantsPromptsRoutesAndConversations() {
		Asking asking = asking(SETTINGS);
		asking.text(chat("What is the capital of France?"));
		assertThat(asking.text(chat("Of France, what is the capital?", "You joke.", ""))).isEqualTo("miss: call 2");
		assertThat(asking.text(Asking.request(new Caller("bob", List.of()), Operation.CHAT,
				body("Of France, what is the capital?", "You help.", ""))))
			.isEqualTo("miss: call 3");
		asking.route = "up/other";
		assertThat(asking.text(chat("Of France, what is the capital?"))).isEqualTo("miss: call 4");
	}

	@Test
	void asksTheModelWhereTheVectorIsLateOrCanNotBeHad() {
		Asking asking = asking(new SemanticSettings(0.8, 0, 0.9, 100, Duration.ofMillis(20)));
		asking.text(chat("What is the capital of France?"));
		this.embedder = (text) -> Mono.never();
		assertThat(asking.text(chat("Of France, what is the capital?"))).isEqualTo("miss: call 2");
		this.embedder = (text) -> Mono.error(new IllegalStateException());
		assertThat(asking.text(chat("The capital of France is what?"))).isEqualTo("miss: call 3");
	}

	@Test
	void forgetsQuestionsWhoseAnswersAreGone() {
		Asking asking = asking(SETTINGS);
		asking.text(chat("What is the capital of France?"));
		asking.local.forget(AnswerPattern.ALL);
		assertThat(asking.text(chat("Of France, what is the capital?"))).isEqualTo("miss: call 2");
		assertThat(asking.semantics.stats().questions()).isEqualTo(1);
	}

	@Test
	void tellsHowOftenTheModelAgrees() {
		Asking asking = asking(new SemanticSettings(0.8, 100, 0.9, 100, Duration.ofSeconds(1)));
		asking.provider = (request) -> Mono.just(Asking.json(Asking.answer("It is Paris")));
		asking.text(chat("What is the capital of France?"));
		assertThat(asking.text(chat("Of France, what is the capital?"))).isEqualTo("semantic: It is Paris");
		assertThat(asking.semantics.stats().precision()).isEqualTo(1);
		asking.provider = (request) -> Mono.just(Asking.json(Asking.answer("Some other thing entirely")));
		asking.text(chat("The capital of France, what is it"));
		assertThat(asking.semantics.stats().verified()).isEqualTo(2);
		assertThat(asking.semantics.stats().precision()).isEqualTo(0.5);
	}

}
