package dev.llmproxy.observability.cost;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.UpstreamCodec;
import dev.llmproxy.dialect.anthropic.AnthropicCodec;
import dev.llmproxy.dialect.bedrock.BedrockCodec;
import dev.llmproxy.dialect.gemini.GeminiCodec;
import dev.llmproxy.dialect.openai.OpenAiCodec;
import dev.llmproxy.dialect.responses.ResponsesCodec;
import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.catalog.CatalogueReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class CataloguePricingTest {

	private static final Map<String, UpstreamCodec> CODECS = Map.of("openai", new OpenAiCodec(), "responses",
			new ResponsesCodec(), "anthropic", new AnthropicCodec(), "gemini", new GeminiCodec(), "bedrock",
			new BedrockCodec());

	static Stream<Sample> samples() throws IOException {
		try (InputStream file = CataloguePricingTest.class.getResourceAsStream("samples.tsv")) {
			return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> line.split("\t"))
				.map((cells) -> new Sample(cells[1] + ", " + cells[0], cells[1], cells[2], cells[3], cells[4]));
		}
	}

	/** What an answer costs was worked out from its tokens with exact decimals. */
	@ParameterizedTest
	@MethodSource("samples")
	void costsWhatTheProviderCharges(Sample sample) {
		Usage usage = CODECS.get(sample.dialect()).inspect(sample.answer().getBytes(StandardCharsets.UTF_8)).usage();
		assertThat(usage).isNotNull();
		Long cost = CataloguePricing.cost(sample.prices(), usage);
		assertThat((cost != null) ? cost.toString() : "unknown").isEqualTo(sample.expected());
	}

	@Test
	void thereAreSamplesOfAllDialects() throws IOException {
		assertThat(samples()).hasSizeGreaterThanOrEqualTo(60);
		Set<String> dialects = samples().map(Sample::dialect).collect(Collectors.toSet());
		assertThat(dialects).isEqualTo(CODECS.keySet());
	}

	@Test
	void manyTokensDoNotOverflow() {
		Usage usage = Usage.of(3_000_000_000L, 2_000_000_000L);
		// 3,000 million tokens at 600 dollars and 2,000 million at 1,000.
		assertThat(CataloguePricing.cost(ModelPrices.of(600_000_000_000L, 1_000_000_000_000L), usage))
			.isEqualTo(3_000L * 600_000_000_000L + 2_000L * 1_000_000_000_000L);
	}

	/** One of the table. */
	record Sample(String name, String dialect, String answer, String written, String expected) {

		ModelPrices prices() {
			String yaml = "models:\n  some/model:\n    prices: " + this.written;
			return CatalogueReader.file(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
				.get(0)
				.facts()
				.prices();
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
