package dev.llmproxy.provider.token;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.provider.MediaTokens;
import dev.llmproxy.provider.PromptCounter;
import dev.llmproxy.provider.PromptShape;
import dev.llmproxy.provider.TokenCounter;
import dev.llmproxy.provider.TokenCounters;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Who counts for a model, and how. */
@Tag("once")
class FamilyCountersTest {

	private static final TokenCounters ESTIMATES = FamilyCounters.ESTIMATES;

	/** Loads at once what others load in the background. */
	private static final TokenCounters EXACT = loaded(Map.of("prod-*", "gpt-4o"));

	private static TokenCounters loaded(Map<String, String> same) {
		JtokkitCounters source = new JtokkitCounters(Runnable::run);
		source.warm("gpt-4o");
		source.warm("gpt-4");
		return new FamilyCounters(List.of(source), same);
	}

	@ParameterizedTest
	@CsvSource({ "gpt-4o-2024-08-06, o200k_base", "gpt-4.1-nano, o200k_base", "openai/gpt-5-mini, o200k_base",
			"chatgpt-4o-latest, o200k_base", "o4-mini, o200k_base", "ft:gpt-4o-mini-2024-07-18:acme::x, o200k_base",
			"gpt-4-0613, cl100k_base", "gpt-3.5-turbo, cl100k_base", "text-embedding-3-small, cl100k_base",
			"prod-west, o200k_base" })
	void openAisModelsAreCountedWithTheirVocabulary(String model, String encoding) {
		String text = "Les maraîchers 写下 1234567 words";
		Encoding expected = JtokkitCounters.REGISTRY.getEncoding(encoding).orElseThrow();
		TokenCounter counter = EXACT.of(model);
		assertThat(counter.exact()).isTrue();
		assertThat(counter.count(text)).isEqualTo(expected.countTokensOrdinary(text));
	}

	@ParameterizedTest
	@CsvSource({ "claude-sonnet-4-5", "us.anthropic.claude-opus-4-1-20250805-v1:0", "models/gemini-2.5-pro", "llama3.3",
			"mistral-large-latest", "qwen3-32b", "deepseek-chat", "my-deployment", "nova-pro" })
	void othersAreEstimated(String model) {
		TokenCounter counter = EXACT.of(model);
		assertThat(counter.exact()).isFalse();
		assertThat(counter).isSameAs(ESTIMATES.of(model));
		assertThat(counter.count("The quick brown fox jumps over the lazy dog.")).isBetween(8L, 15L);
	}

	@Test
	void familiesDiffer() {
		String digits = "1234567890";
		assertThat(ESTIMATES.of("gemini-2.5-pro").count(digits)).isEqualTo(10);
		assertThat(ESTIMATES.of("gpt-4o").count(digits)).isEqualTo(4);
		String prose = "word ".repeat(100);
		assertThat(ESTIMATES.of("claude-opus-5").count(prose)).isGreaterThan(ESTIMATES.of("gpt-4o").count(prose));
	}

	@Test
	void countsAsOpenAiDocuments() {
		Encoding encoding = JtokkitCounters.REGISTRY.getEncoding(EncodingType.O200K_BASE);
		ChatRequest chat = ChatRequest.builder("m")
			.message(Message.text(Role.SYSTEM, "Be brief."))
			.message(new Message(Role.USER, List.of(Part.text("What is the tide tomorrow?")), "ada"))
			.build();
		long texts = encoding.countTokensOrdinary("Be brief.")
				+ encoding.countTokensOrdinary("What is the tide tomorrow?") + encoding.countTokensOrdinary("ada");
		// Three around each turn and one for its role, one beside the name, three at the
		// end.
		assertThat(EXACT.of("gpt-4o").count(chat)).isEqualTo(texts + 2 * 4 + 1 + 3);
	}

	@Test
	void functionsAreCountedAsOpenAiWritesThem() {
		Encoding encoding = JtokkitCounters.REGISTRY.getEncoding(EncodingType.O200K_BASE);
		Tool tool = new Tool.Function("tide", "Tells the tide.",
				Map.of("type", "object", "properties", Map.of("unit",
						Map.of("type", "string", "description", "Of length.", "enum", List.of("metres", "feet")))),
				null, null);
		long texts = encoding.countTokensOrdinary("tide:Tells the tide")
				+ encoding.countTokensOrdinary("unit:string:Of length") + encoding.countTokensOrdinary("metres")
				+ encoding.countTokensOrdinary("feet");
		assertThat(EXACT.of("gpt-4o").count(List.of(tool))).isEqualTo(texts + 7 + 3 + 3 - 3 + 2 * 3 + 12);
		assertThat(EXACT.of("gpt-4o").count(List.of())).isZero();
	}

	@Test
	void mediaCostWhatProvidersDocument() {
		Part image = new Part.Image(new MediaSource.Url("https://example.com/a.png"), null, null);
		assertThat(ESTIMATES.of("gpt-4o").count(image)).isEqualTo(765);
		assertThat(ESTIMATES.of("claude-sonnet-4-5").count(image)).isEqualTo(1399);
		assertThat(ESTIMATES.of("gemini-2.5-flash").count(image)).isEqualTo(4 * 258);
		assertThat(ESTIMATES.of("qwen3-32b").count(image)).isEqualTo(1000);
		Part minute = new Part.Audio(new MediaSource.Inline("audio/mpeg", "A".repeat(960_000 / 3 * 4)));
		assertThat(ESTIMATES.of("gemini-2.5-flash").count(minute)).isEqualTo(60 * 32);
		assertThat(ESTIMATES.of("gpt-4o").count(minute)).isEqualTo(600);
	}

	@Test
	void whatLooksLikeAControlTokenIsText() {
		assertThat(EXACT.of("gpt-4o").count("<|endoftext|>")).isGreaterThan(1);
	}

	@Test
	void nobodyWaitsForAVocabulary() {
		List<Runnable> tasks = new ArrayList<>();
		TokenCounters counters = new FamilyCounters(List.of(new JtokkitCounters(tasks::add)), Map.of());
		TokenCounter counter = counters.of("gpt-4o");
		assertThat(tasks).isEmpty();
		long estimate = counter.count("Hello there");
		assertThat(estimate).isEqualTo(ESTIMATES.of("gpt-4o").count("Hello there"));
		assertThat(counter.exact()).isFalse();
		counter.count("Hello again");
		assertThat(tasks).hasSize(1);
		tasks.get(0).run();
		assertThat(counter.exact()).isTrue();
		assertThat(counters.of("gpt-4o")).isSameAs(counter);
	}

	@Test
	void anApplicationsOwnCounterGoesFirst() {
		TokenCounter mine = new PromptCounter((text) -> 7, PromptShape.CHAT, MediaTokens.USUAL);
		TokenCounters counters = new FamilyCounters(List.of((model) -> model.startsWith("gpt-") ? mine : null),
				Map.of());
		assertThat(counters.of("gpt-4o")).isSameAs(mine);
		assertThat(counters.of("o3")).isNotSameAs(mine);
		assertThat(mine.exact()).isTrue();
		assertThat(mine.count(Message.text(Role.USER, "x"))).isEqualTo(11);
	}

	@Test
	void longPromptsAreSampled() throws IOException {
		Encoding encoding = JtokkitCounters.REGISTRY.getEncoding(EncodingType.O200K_BASE);
		AtomicLong characters = new AtomicLong();
		TokenCounter counter = new PromptCounter((text) -> {
			characters.addAndGet(text.length());
			return encoding.countTokensOrdinary(text.toString());
		}, new PromptShape(0, 0, 0, 0, 0), MediaTokens.USUAL);
		String chinese = EstimateErrorTest.text("chinese").repeat(1000);
		String english = EstimateErrorTest.text("english").repeat(1000);
		long exact = encoding.countTokensOrdinary(chinese) + encoding.countTokensOrdinary(english);
		long one = counter.count(chinese) + counter.count(english);
		assertThat(one).isBetween(exact * 95 / 100, exact * 105 / 100);
		assertThat(characters).hasValueLessThan(200_000);
		characters.set(0);
		ChatRequest.Builder chat = ChatRequest.builder("m");
		for (int i = 0; i < 1000; i++) {
			chat.message(Message.text(Role.USER, EstimateErrorTest.text((i % 2 == 0) ? "chinese" : "english")));
		}
		long many = encoding.countTokensOrdinary(EstimateErrorTest.text("chinese")) * 500L
				+ encoding.countTokensOrdinary(EstimateErrorTest.text("english")) * 500L;
		assertThat(counter.count(chat.build())).isBetween(many * 92 / 100, many * 108 / 100);
		assertThat(characters).hasValueLessThan(200_000);
	}

}
