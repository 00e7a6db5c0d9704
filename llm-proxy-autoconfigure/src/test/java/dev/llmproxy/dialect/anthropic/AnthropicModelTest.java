package dev.llmproxy.dialect.anthropic;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AnthropicModelTest {

	@ParameterizedTest
	@CsvSource({ "claude-opus-4-20250514,opus,400", "claude-opus-4-1-20250805,opus,401", "claude-sonnet-4-5,sonnet,405",
			"claude-sonnet-4-5@20250929,sonnet,405", "us.anthropic.claude-opus-4-6-v1:0,opus,406",
			"anthropic/claude-opus-4.7,opus,407", "anthropic/claude-4.7-opus,opus,407", "claude-opus-5,opus,500",
			"Claude-Sonnet-5-5-20260901,sonnet,505", "claude-haiku-5-5,haiku,505", "claude-fable-5-1,fable,501",
			"claude-mythos-preview,mythos,500", "claude-3-7-sonnet-20250219,sonnet,307",
			"claude-3-5-sonnet-latest,sonnet,305", "claude-3-opus-20240229,opus,300", "claude-2.1,'',201",
			"claude-instant-1.2,instant,102", "claude-latest,'',0", "gpt-5,'',0", "'','',0" })
	void readsFamilyAndVersionFromTheName(String name, String family, int version) {
		assertThat(AnthropicModel.of(name)).isEqualTo(new AnthropicModel(family, version));
	}

	@Test
	void takesLessFromGenerationToGeneration() {
		assertThat(AnthropicModel.of("claude-opus-4-6").sampling()).isTrue();
		assertThat(AnthropicModel.of("claude-opus-4-7").sampling()).isFalse();
		assertThat(AnthropicModel.of("claude-opus-4-6").budgets()).isTrue();
		assertThat(AnthropicModel.of("claude-opus-4-7").budgets()).isFalse();
		assertThat(AnthropicModel.of("claude-opus-4-5").prefill()).isTrue();
		assertThat(AnthropicModel.of("claude-opus-4-6").prefill()).isFalse();
		assertThat(AnthropicModel.of("claude-opus-5").forcedTools()).isTrue();
		assertThat(AnthropicModel.of("claude-opus-5-5").forcedTools()).isFalse();
		assertThat(AnthropicModel.of("claude-haiku-5-5").forcedTools()).isTrue();
		assertThat(AnthropicModel.of("claude-opus-4-5").effort()).isTrue();
		assertThat(AnthropicModel.of("claude-haiku-4-5").effort()).isFalse();
	}

	@Test
	void takesWhatTheDialectHasHadFromTheStartIfUnknown() {
		AnthropicModel unknown = AnthropicModel.of("deepseek-chat");

		assertThat(unknown.sampling()).isTrue();
		assertThat(unknown.samplesByOne()).isFalse();
		assertThat(unknown.budgets()).isTrue();
		assertThat(unknown.adaptive()).isFalse();
		assertThat(unknown.forcedTools()).isTrue();
		assertThat(unknown.prefill()).isTrue();
		assertThat(unknown.structured()).isTrue();
	}

}
