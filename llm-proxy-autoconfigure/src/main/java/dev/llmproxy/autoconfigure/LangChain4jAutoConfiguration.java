package dev.llmproxy.autoconfigure;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.DefaultEmbeddingRequestParameters;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.llmproxy.client.GatewayCalls;
import dev.llmproxy.client.langchain4j.GatewayChatModel;
import dev.llmproxy.client.langchain4j.GatewayEmbeddingModel;
import dev.llmproxy.client.langchain4j.GatewayStreamingChatModel;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.LlmGateway;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/**
 * The gateway as LangChain4j's models, each unless there is another: LangChain4j's AI
 * services refuse to choose between several. Last of all, so that it sees those of other
 * auto-configurations.
 */
@AutoConfiguration(after = { CacheAutoConfiguration.class, GatewayAutoConfiguration.class })
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass(ChatModel.class)
@ConditionalOnBean({ LlmGateway.class, Codecs.class })
@ConditionalOnBooleanProperty(name = "llm-proxy.langchain4j.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LangChain4jProperties.class)
@Import(ClientConfiguration.class)
public final class LangChain4jAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(ChatModel.class)
	GatewayChatModel llmLangChain4jChatModel(GatewayCalls calls, LangChain4jProperties properties,
			ObjectProvider<ChatModelListener> listeners) {
		return new GatewayChatModel(calls, parameters(properties.chat()), listeners.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean(StreamingChatModel.class)
	GatewayStreamingChatModel llmLangChain4jStreamingChatModel(GatewayCalls calls, LangChain4jProperties properties,
			ObjectProvider<ChatModelListener> listeners) {
		return new GatewayStreamingChatModel(calls, parameters(properties.chat()), listeners.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean(EmbeddingModel.class)
	GatewayEmbeddingModel llmLangChain4jEmbeddingModel(GatewayCalls calls, LangChain4jProperties properties) {
		return new GatewayEmbeddingModel(calls, parameters(properties.embedding()));
	}

	private static ChatRequestParameters parameters(LangChain4jProperties.Chat chat) {
		DefaultChatRequestParameters.Builder<?> parameters = DefaultChatRequestParameters.builder();
		if (chat.model() != null) {
			parameters.modelName(chat.model());
		}
		if (chat.temperature() != null) {
			parameters.temperature(chat.temperature());
		}
		if (chat.topP() != null) {
			parameters.topP(chat.topP());
		}
		if (chat.maxTokens() != null) {
			parameters.maxOutputTokens(chat.maxTokens());
		}
		return parameters.build();
	}

	private static EmbeddingRequestParameters parameters(LangChain4jProperties.Embedding embedding) {
		DefaultEmbeddingRequestParameters.Builder<?> parameters = EmbeddingRequestParameters.builder();
		if (embedding.model() != null) {
			parameters.modelName(embedding.model());
		}
		if (embedding.dimensions() != null) {
			parameters.dimensions(embedding.dimensions());
		}
		return parameters.build();
	}

}
