package dev.llmproxy.autoconfigure;

import dev.llmproxy.cache.Embedder;
import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.cache.ModelEmbedder;
import dev.llmproxy.cache.Semantics;
import dev.llmproxy.cache.SharedAnswers;
import dev.llmproxy.cache.SharedQuestions;
import dev.llmproxy.client.springai.GatewayEmbeddingModel;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.routing.RoutingHandler;
import org.springframework.ai.embedding.EmbeddingModel;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Questions that are compared by their meaning, where something makes vectors of them.
 */
@Configuration(proxyBeanMethods = false)
class SemanticCacheConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnProperty("llm-proxy.cache.semantic.embedding-model")
	Embedder llmModelEmbedder(CacheProperties properties, ObjectProvider<RoutingHandler> handler, Codecs codecs) {
		return new ModelEmbedder(String.valueOf(properties.semantic().embeddingModel()),
				(request) -> handler.getObject().handle(request), codecs);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(Embedder.class)
	Semantics llmSemantics(CacheProperties properties, Embedder embedder, LocalAnswers answers,
			SharedQuestions sharedQuestions, SharedAnswers sharedAnswers, Codecs codecs) {
		return new Semantics(
				InvalidPropertyException.checked("llm-proxy.cache.semantic", () -> properties.semantic().settings()),
				embedder, answers, sharedQuestions, sharedAnswers, codecs);
	}

	/** The application's own embedding model, which blocks. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(EmbeddingModel.class)
	static class SpringAi {

		@Bean
		@ConditionalOnBean(EmbeddingModel.class)
		@ConditionalOnMissingBean
		Embedder llmSpringAiEmbedder(ObjectProvider<EmbeddingModel> models) {
			return (text) -> Mono.fromCallable(() -> chosen(models).embed(text))
				.subscribeOn(Schedulers.boundedElastic());
		}

		/** Not the gateway itself, which would be asked what it is about to answer. */
		private static EmbeddingModel chosen(ObjectProvider<EmbeddingModel> models) {
			EmbeddingModel chosen = models.getObject();
			return (chosen instanceof GatewayEmbeddingModel) ? models.stream()
				.filter((model) -> !(model instanceof GatewayEmbeddingModel))
				.findFirst()
				.orElse(chosen) : chosen;
		}

	}

}
