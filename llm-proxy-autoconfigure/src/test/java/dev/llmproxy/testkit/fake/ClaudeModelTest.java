package dev.llmproxy.testkit.fake;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ClaudeModelTest {

	@ParameterizedTest
	@CsvSource({ "claude-sonnet-4-5-20250929, 45", "claude-opus-4-20250514, 40", "claude-opus-4-1, 41",
			"claude-3-5-sonnet-20241022, 35", "claude-3-haiku-20240307, 30", "claude-sonnet-5, 50",
			"us.anthropic.claude-opus-4-7-v1:0, 47", "claude-haiku-4-5@20251001, 45", "some-model, 45" })
	void readsTheVersionFromTheName(String name, int version) {
		assertThat(ClaudeModel.of(name).version()).isEqualTo(version);
	}

}
