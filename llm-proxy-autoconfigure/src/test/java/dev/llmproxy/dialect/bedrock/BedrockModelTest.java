package dev.llmproxy.dialect.bedrock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BedrockModelTest {

	@ParameterizedTest
	@CsvSource({ "anthropic.claude-3-haiku-20240307-v1:0,haiku,300",
			"anthropic.claude-3-5-sonnet-20241022-v2:0,sonnet,305",
			"us.anthropic.claude-3-7-sonnet-20250219-v1:0,sonnet,307",
			"anthropic.claude-sonnet-4-20250514-v1:0,sonnet,400", "eu.anthropic.claude-opus-4-1-20250805-v1:0,opus,401",
			"global.anthropic.claude-opus-4-6-v1,opus,406", "anthropic.claude-sonnet-4-6,sonnet,406",
			"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0,haiku,405",
			"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-5,sonnet,500",
			"anthropic.claude-mythos-preview,mythos,500", "claude-opus-4-5,opus,405" })
	void readsClaudesVersion(String id, String family, int version) {
		BedrockModel model = BedrockModel.of(id);
		assertThat(model.isClaude()).isTrue();
		assertThat(model.family()).isEqualTo(family);
		assertThat(model.version()).isEqualTo(version);
	}

	@ParameterizedTest
	@CsvSource({ "us.amazon.nova-2-lite-v1:0,amazon,nova-2-lite-v1:0", "minimax.minimax-m2.1,minimax,minimax-m2.1",
			"deepseek.v3-v1:0,deepseek,v3-v1:0", "openai.gpt-oss-120b-1:0,openai,gpt-oss-120b-1:0",
			"us.meta.llama3-3-70b-instruct-v1:0,meta,llama3-3-70b-instruct-v1:0" })
	void readsTheVendor(String id, String vendor, String name) {
		assertThat(BedrockModel.of(id)).isEqualTo(new BedrockModel(vendor, name, "", 0));
	}

	@Test
	void knowsNothingOfAProfileThatAnOperatorNamed() {
		BedrockModel model = BedrockModel
			.of("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3");
		assertThat(model.known()).isFalse();
		assertThat(model.caches()).isTrue();
		assertThat(model.structured()).isTrue();
		assertThat(model.mixedTurns()).isTrue();
	}

	@Test
	void firstGenerationsThinkAsLittleAsTheyCache() {
		for (String id : new String[] { "anthropic.claude-v2:1", "anthropic.claude-instant-v1:2:100k" }) {
			BedrockModel model = BedrockModel.of(id);
			assertThat(model.isClaude()).isTrue();
			assertThat(model.claudeThinks()).isFalse();
			assertThat(model.caches()).isFalse();
			assertThat(model.structured()).isFalse();
		}
	}

}
