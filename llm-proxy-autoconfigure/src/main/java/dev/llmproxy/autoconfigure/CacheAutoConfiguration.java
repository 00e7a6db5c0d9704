package dev.llmproxy.autoconfigure;

import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.cache.CacheFilter;
import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.cache.CachePolicies;
import dev.llmproxy.cache.CachePolicy;
import dev.llmproxy.cache.CacheSettings;
import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.cache.Semantics;
import dev.llmproxy.cache.SharedAnswers;
import dev.llmproxy.cache.SharedQuestions;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.provider.Target;
import dev.llmproxy.routing.Router;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Answers that are known already. */
@AutoConfiguration(after = RoutingAutoConfiguration.class)
@ConditionalOnClass(Caffeine.class)
@EnableConfigurationProperties({ CacheProperties.class, RoutingProperties.class })
@Import({ RedisCacheConfiguration.class, SemanticCacheConfiguration.class, SnapshotConfiguration.class })
public final class CacheAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	SharedAnswers llmSharedAnswers(CacheProperties properties) {
		if (properties.store() != CacheProperties.Store.MEMORY) {
			throw new InvalidPropertyException("llm-proxy.cache.store",
					"answers cannot be kept in " + properties.store().name().toLowerCase(Locale.ROOT)
							+ " because the application has no client for it",
					"Add the dependency org.springframework.boot:spring-boot-starter-data-redis, or set it to "
							+ "'memory'.");
		}
		return SharedAnswers.NONE;
	}

	@Bean
	@ConditionalOnMissingBean
	SharedQuestions llmSharedQuestions(CacheProperties properties) {
		if (properties.semantic().store() != CacheProperties.Store.MEMORY
				&& properties.store() == CacheProperties.Store.MEMORY) {
			throw new InvalidPropertyException("llm-proxy.cache.semantic.store",
					"questions cannot be shared while their answers are not",
					"Set llm-proxy.cache.store to 'redis' too, or this one to 'memory'.");
		}
		return SharedQuestions.NONE;
	}

	@Bean
	@ConditionalOnMissingBean
	LocalAnswers llmLocalAnswers(CacheProperties properties, ObjectProvider<MemoryBudget> budget,
			ObjectProvider<CacheListener> listeners) {
		long maxSize = properties.maxSize().toBytes();
		if (maxSize <= 0) {
			throw new InvalidPropertyException("llm-proxy.cache.max-size", "it is not positive",
					"Use a size such as 64MB, or llm-proxy.cache.enabled=false.");
		}
		return new LocalAnswers(maxSize, InstantSource.system(), budget.getIfAvailable(() -> MemoryBudget.UNLIMITED),
				CacheListener.all(listeners.orderedStream().toList()));
	}

	@Bean
	@ConditionalOnMissingBean(CacheFilter.class)
	ReloadableCache llmReloadableCache(CacheProperties cache, RoutingProperties routing) {
		return new ReloadableCache(ConfiguredCache.read(cache, routing));
	}

	@Bean
	@ConditionalOnMissingBean
	CacheFilter llmCacheFilter(CacheProperties properties, ReloadableCache policies, LocalAnswers local,
			SharedAnswers shared, LiveSnapshot live, Router router, Codecs codecs, ObjectProvider<MemoryBudget> budget,
			ObjectProvider<CacheListener> listeners, ObjectProvider<Semantics> semantics, ObjectProvider<Flags> flags) {
		CacheSettings settings = InvalidPropertyException.checked("llm-proxy.cache",
				() -> new CacheSettings((int) Math.min(Integer.MAX_VALUE, properties.maxAnswer().toBytes())));
		check(policies.first(), semantics);
		live.add(CachePolicies.class, policies.first());
		return new CacheFilter(settings, local, shared, live, route(router, flags.getIfAvailable()), codecs,
				budget.getIfAvailable(() -> MemoryBudget.UNLIMITED),
				CacheListener.all(listeners.orderedStream().toList()), semantics.getIfAvailable());
	}

	private static void check(CachePolicies policies, ObjectProvider<Semantics> semantics) {
		boolean wanted = policies.general().semantic()
				|| policies.own().values().stream().anyMatch(CachePolicy::semantic);
		if (wanted && semantics.getIfAvailable() == null) {
			throw new InvalidPropertyException("llm-proxy.cache.semantic.embedding-model",
					"questions cannot be compared by their meaning without a model that makes vectors of them",
					"Name one, such as openai/text-embedding-3-small, or define a bean of type Embedder.");
		}
	}

	/** Those whom flags lead to other models of a route get answers of their own. */
	private static Function<LlmRequest, String> route(Router router, @Nullable Flags flags) {
		return (flags != null) ? (request) -> targets(router, request) + flags.deciding(request)
				: (request) -> targets(router, request);
	}

	/**
	 * What serves a request by configuration. What is up just now makes no difference.
	 * Nothing where there is no route: an application that uses the cache alone has none,
	 * and whoever routes after it tells of that.
	 */
	private static String targets(Router router, LlmRequest request) {
		try {
			return router.route(request).targets().stream().map(Target::id).collect(Collectors.joining(" "));
		}
		catch (LlmException ex) {
			return "";
		}
	}

}
