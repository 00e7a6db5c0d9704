package dev.llmproxy.provider.catalog;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.Provider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What is known of models, and of which. */
@Tag("once")
class ModelCatalogueTest {

	private static final ModelCatalogue SHIPPED = CatalogueReader.shipped();

	@Test
	void manyModelsAreKnown() {
		assertThat(SHIPPED.all()).hasSizeGreaterThan(100).allSatisfy((facts) -> {
			assertThat(facts.source()).isEqualTo(ModelFacts.Source.SHIPPED);
			assertThat(facts.contextWindow() == 0 || facts.contextWindow() >= facts.maxOutput()).as(facts.id())
				.isTrue();
			assertThat(facts.prices().input() == null).as(facts.id()).isEqualTo(facts.prices().output() == null);
			assertThat(facts.id()).matches("[a-z]+/[a-z0-9./-]+");
		});
		assertThat(SHIPPED.all()).extracting((facts) -> facts.id().substring(0, facts.id().indexOf('/')))
			.contains("openai", "anthropic", "gemini", "mistral", "groq", "deepseek", "xai", "cohere", "bedrock",
					"open");
	}

	@Test
	void factsOfOne() {
		ModelFacts facts = SHIPPED.find("openai", "gpt-4o-mini");
		assertThat(facts).isNotNull();
		assertThat(facts.contextWindow()).isEqualTo(128_000);
		assertThat(facts.maxOutput()).isEqualTo(16_384);
		assertThat(facts.inputModalities()).containsExactlyInAnyOrder("text", "image");
		assertThat(facts.tools()).isTrue();
		assertThat(facts.reasoning()).isFalse();
		assertThat(facts.prices().input()).isEqualTo(150_000_000L);
		assertThat(facts.prices().cachedInput()).isEqualTo(75_000_000L);
		assertThat(facts.deploymentPrices()).isEqualTo(facts.prices());
		assertThat(facts.capabilities())
			.isEqualTo(new Deployment.Capabilities(128_000, 16_384, true, true, true, null, false));
		assertThat(SHIPPED.find("gemini", "gemini-2.5-pro").prices().tiers())
			.containsExactly(new ModelPrices.Tier(200_000, 2_500_000_000L, 15_000_000_000L, 250_000_000L, null));
	}

	@ParameterizedTest
	@CsvSource({ "openai, gpt-4o-2024-08-06, openai/gpt-4o", "openai, gpt-4o-2024-05-13, openai/gpt-4o-2024-05-13",
			"openai, gpt-4o-mini-2024-07-18, openai/gpt-4o-mini", "openai, gpt-4-0613, openai/gpt-4",
			"openai, gpt-5-chat-latest, openai/gpt-5-chat",
			"openai, ft:gpt-4o-mini-2024-07-18:acme::x, openai/gpt-4o-mini",
			"anthropic, claude-sonnet-4-5-20250929, anthropic/claude-sonnet-4-5",
			"anthropic, claude-sonnet-4-20250514, anthropic/claude-sonnet-4",
			"anthropic, claude-opus-4-0, anthropic/claude-opus-4",
			"bedrock, us.anthropic.claude-sonnet-4-5-20250929-v1:0, anthropic/claude-sonnet-4-5",
			"bedrock, anthropic.claude-3-haiku-20240307-v1:0, anthropic/claude-3-haiku",
			"bedrock, eu.amazon.nova-lite-v1:0, bedrock/amazon.nova-lite",
			"bedrock, global.amazon.nova-2-lite-v1:0, bedrock/amazon.nova-2-lite",
			"vertex, claude-opus-4-1@20250805, anthropic/claude-opus-4-1",
			"vertex, gemini-2.5-flash, gemini/gemini-2.5-flash", "gemini, models/gemini-2.5-pro, gemini/gemini-2.5-pro",
			"gemini, gemini-3-pro-preview, gemini/gemini-3-pro",
			"gemini, gemini-2.0-flash-001, gemini/gemini-2.0-flash",
			"gemini, gemini-2.5-flash-preview-09-2025, gemini/gemini-2.5-flash",
			"mistral, mistral-large-latest, mistral/mistral-large", "mistral, codestral-2501, mistral/codestral",
			"xai, grok-4-0709, xai/grok-4", "groq, openai/gpt-oss-20b, groq/openai/gpt-oss-20b" })
	void versionsAreKnownAsWhatTheyAreVersionsOf(String type, String model, String id) {
		assertThat(SHIPPED.find(type, model)).isNotNull().extracting(ModelFacts::id).isEqualTo(id);
	}

	@ParameterizedTest
	@CsvSource({ "openai, gpt-4o-something", "openai, gpt-4o-mini-tts", "openai, gpt-9", "azure, gpt-4o",
			"simulator, gpt-4o", "anthropic, claude-opus-4-20", "openai-compatible, gpt-4o", "openai, ''", "openai, -",
			"openai, /", "x, ':'" })
	void othersAreNot(String type, String model) {
		assertThat(SHIPPED.find(type, model)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "openrouter, anthropic/claude-sonnet-4-5, 200000", "openrouter, google/gemini-2.5-pro, 1048576",
			"vllm, meta-llama/Llama-3.3-70B-Instruct, 131072", "together, Qwen/Qwen3-32B, 131072",
			"ollama, llama3.3:70b, 131072" })
	void whoServesModelsOfOthersHasPricesOfItsOwn(String type, String model, int window) {
		ModelFacts facts = SHIPPED.find(type, model);
		assertThat(facts).isNotNull();
		assertThat(facts.contextWindow()).isEqualTo(window);
		assertThat(facts.prices()).isEqualTo(ModelPrices.NONE);
		assertThat(facts.deploymentPrices()).isNull();
	}

	@Test
	void whatAnOperatorSaysGoesBeforeWhatIsKnown() {
		ModelCatalogue catalogue = SHIPPED.with(read("""
				models:
				  openai/gpt-4o:
				    max-output: 1000
				    prices: { input: 1.25 }
				  openai/gpt-4o-2024-11-20:
				    context-window: 5000
				  mine/deployment:
				    like: openai/gpt-4o
				    tools: false
				"""));
		ModelFacts facts = catalogue.find("openai", "gpt-4o");
		assertThat(facts.maxOutput()).isEqualTo(1000);
		assertThat(facts.contextWindow()).isEqualTo(128_000);
		assertThat(facts.prices().input()).isEqualTo(1_250_000_000L);
		assertThat(facts.prices().output()).isEqualTo(10_000_000_000L);
		assertThat(facts.source()).isEqualTo(ModelFacts.Source.FILE);
		assertThat(catalogue.find("openai", "gpt-4o-2024-11-20").maxOutput()).isEqualTo(1000);
		assertThat(catalogue.find("openai", "gpt-4o-2024-11-20").contextWindow()).isEqualTo(5000);
		ModelFacts mine = catalogue.find(new Named("mine", "azure"), "deployment");
		assertThat(mine.tools()).isFalse();
		assertThat(mine.prices().input()).isEqualTo(1_250_000_000L);
		assertThat(catalogue.find(new Named("another", "openai"), "gpt-4o").maxOutput()).isEqualTo(1000);
		assertThat(catalogue.find(new Named("another", "azure"), "deployment")).isNull();
		assertThat(SHIPPED.find("openai", "gpt-4o").maxOutput()).isEqualTo(16_384);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			models: 3                                              | models: there have to be names and values
			[]                                                     | the file: there have to be names and values
			models: ["                                             | it is no YAML
			models: { gpt: { tools: true } }                       | 'gpt' is no model
			models: { a/b: { colour: red } }                       | a/b.colour: there is no such fact
			models: { a/b: { context-window: many } }              | a/b.context-window: 'many' is not a number
			models: { a/b: { context-window: -1 } }                | a/b.context-window: '-1' is not a number
			models: { a/b: { tools: perhaps } }                    | a/b.tools: 'perhaps' is not true or false
			models: { a/b: { input-modalities: [smell] } }         | a/b.input-modalities: 'smell' is not one of
			models: { a/b: { retired: someday } }                  | a/b.retired: 'someday' is not a date
			models: { a/b: { prices: { input: -1 } } }             | a/b.prices.input: '-1' is not a price
			models: { a/b: { prices: { input: 0.12345678901 } } }  | a/b.prices.input
			models: { a/b: { prices: { tiers: [{ over: 1 }] } } }  | a/b.prices.tiers.over: there is no such fact
			models: { a/b: { like: c/d } }                         | 'a/b' is said to be like 'c/d'
			""")
	void saysWhatIsWrongWithAFile(String yaml, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> SHIPPED.with(read(yaml))).withMessageContaining(message);
	}

	private static List<ModelEntry> read(String yaml) {
		return CatalogueReader.file(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
	}

	private record Named(String name, String type) implements Provider {

		@Override
		public boolean supports(Operation operation, Dialect dialect) {
			return true;
		}

		@Override
		public Mono<LlmResponse> execute(Attempt attempt) {
			return Mono.never();
		}

	}

}
