package dev.llmproxy.autoconfigure;

import dev.llmproxy.client.GatewayCalls;
import dev.llmproxy.client.springai.FailureTranslator;
import dev.llmproxy.client.springai.GatewayChatModel;
import dev.llmproxy.client.springai.GatewayChatOptions;
import dev.llmproxy.client.springai.GatewayEmbeddingModel;
import dev.llmproxy.client.springai.RetryFailures;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.LlmGateway;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;

/**
 * The gateway as Spring AI's models. Last of all, so that it sees the models that other
 * auto-configurations bring; that of {@code ChatClient.Builder} takes whichever there is.
 */
@AutoConfiguration(after = { CacheAutoConfiguration.class, GatewayAutoConfiguration.class })
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass(ChatModel.class)
@ConditionalOnBean({ LlmGateway.class, Codecs.class })
@ConditionalOnBooleanProperty(name = "llm-proxy.spring-ai.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SpringAiProperties.class)
@Import(ClientConfiguration.class)
public final class SpringAiAutoConfiguration {

	/** Spring AI's own switch between models that are on the class path. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "spring.ai.model.chat", havingValue = "llm-proxy", matchIfMissing = true)
	static class Chat {

		private static GatewayChatModel model(GatewayCalls calls, SpringAiProperties properties,
				ObjectProvider<FailureTranslator> failures) {
			return new GatewayChatModel(calls, options(properties.chat()),
					failures.getIfAvailable(() -> FailureTranslator.NONE));
		}

		private static GatewayChatOptions options(SpringAiProperties.Chat chat) {
			return GatewayChatOptions.builder()
				.model(chat.model())
				.temperature(chat.temperature())
				.topP(chat.topP())
				.maxTokens(chat.maxTokens())
				.build();
		}

		@Bean("llmProxyChatModel")
		@ConditionalOnMissingBean(ChatModel.class)
		GatewayChatModel only(GatewayCalls calls, SpringAiProperties properties,
				ObjectProvider<FailureTranslator> failures) {
			return model(calls, properties, failures);
		}

		@Bean("llmProxyChatModel")
		@Primary
		@ConditionalOnMissingBean
		@ConditionalOnBooleanProperty("llm-proxy.spring-ai.primary")
		GatewayChatModel primary(GatewayCalls calls, SpringAiProperties properties,
				ObjectProvider<FailureTranslator> failures) {
			return model(calls, properties, failures);
		}

		@Bean(name = "llmProxyChatModel", defaultCandidate = false)
		@ConditionalOnMissingBean
		GatewayChatModel beside(GatewayCalls calls, SpringAiProperties properties,
				ObjectProvider<FailureTranslator> failures) {
			return model(calls, properties, failures);
		}

	}

	/** The same for vectors. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "spring.ai.model.embedding", havingValue = "llm-proxy", matchIfMissing = true)
	static class Embedding {

		private static GatewayEmbeddingModel model(GatewayCalls calls, SpringAiProperties properties,
				ObjectProvider<FailureTranslator> failures) {
			return new GatewayEmbeddingModel(calls, options(properties.embedding()),
					failures.getIfAvailable(() -> FailureTranslator.NONE));
		}

		private static EmbeddingOptions options(SpringAiProperties.Embedding embedding) {
			EmbeddingOptions.Builder options = EmbeddingOptions.builder();
			if (embedding.model() != null) {
				options.model(embedding.model());
			}
			if (embedding.dimensions() != null) {
				options.dimensions(embedding.dimensions());
			}
			return options.build();
		}

		@Bean("llmProxyEmbeddingModel")
		@ConditionalOnMissingBean(EmbeddingModel.class)
		GatewayEmbeddingModel only(GatewayCalls calls, SpringAiProperties properties,
				ObjectProvider<FailureTranslator> failures) {
			return model(calls, properties, failures);
		}

		@Bean("llmProxyEmbeddingModel")
		@Primary
		@ConditionalOnMissingBean
		@ConditionalOnBooleanProperty("llm-proxy.spring-ai.primary")
		GatewayEmbeddingModel primary(GatewayCalls calls, SpringAiProperties properties,
				ObjectProvider<FailureTranslator> failures) {
			return model(calls, properties, failures);
		}

		@Bean(name = "llmProxyEmbeddingModel", defaultCandidate = false)
		@ConditionalOnMissingBean
		GatewayEmbeddingModel beside(GatewayCalls calls, SpringAiProperties properties,
				ObjectProvider<FailureTranslator> failures) {
			return model(calls, properties, failures);
		}

	}

	/** Without Spring AI's retry module failures are the gateway's own. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(TransientAiException.class)
	static class Retry {

		@Bean
		@ConditionalOnMissingBean
		FailureTranslator llmRetryFailures() {
			return new RetryFailures();
		}

	}

}
