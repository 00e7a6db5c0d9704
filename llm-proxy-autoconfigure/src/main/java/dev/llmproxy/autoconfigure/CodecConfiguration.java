package dev.llmproxy.autoconfigure;

import dev.llmproxy.dialect.anthropic.AnthropicCodec;
import dev.llmproxy.dialect.anthropic.AnthropicTokenCountCodec;
import dev.llmproxy.dialect.bedrock.BedrockCodec;
import dev.llmproxy.dialect.gemini.GeminiCodec;
import dev.llmproxy.dialect.gemini.GeminiEmbeddingsCodec;
import dev.llmproxy.dialect.gemini.GeminiTokenCountCodec;
import dev.llmproxy.dialect.openai.CompletionsCodec;
import dev.llmproxy.dialect.openai.OpenAiCodec;
import dev.llmproxy.dialect.openai.OpenAiEmbeddingsCodec;
import dev.llmproxy.dialect.responses.ResponsesCodec;
import dev.llmproxy.dialect.responses.ResponsesTokenCountCodec;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The codecs of the dialects we speak. An application adds its own as beans. */
@Configuration(proxyBeanMethods = false)
class CodecConfiguration {

	@Bean
	@ConditionalOnMissingBean
	OpenAiCodec openAiCodec() {
		return new OpenAiCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	CompletionsCodec completionsCodec() {
		return new CompletionsCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	OpenAiEmbeddingsCodec openAiEmbeddingsCodec() {
		return new OpenAiEmbeddingsCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	ResponsesCodec responsesCodec() {
		return new ResponsesCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	ResponsesTokenCountCodec responsesTokenCountCodec() {
		return new ResponsesTokenCountCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	AnthropicCodec anthropicCodec() {
		return new AnthropicCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	AnthropicTokenCountCodec anthropicTokenCountCodec() {
		return new AnthropicTokenCountCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	GeminiCodec geminiCodec() {
		return new GeminiCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	GeminiEmbeddingsCodec geminiEmbeddingsCodec() {
		return new GeminiEmbeddingsCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	GeminiTokenCountCodec geminiTokenCountCodec() {
		return new GeminiTokenCountCodec();
	}

	@Bean
	@ConditionalOnMissingBean
	BedrockCodec bedrockCodec() {
		return new BedrockCodec();
	}

}
