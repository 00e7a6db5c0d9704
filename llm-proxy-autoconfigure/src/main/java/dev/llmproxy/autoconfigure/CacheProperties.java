package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import dev.llmproxy.cache.CachePolicy;
import dev.llmproxy.cache.SemanticSettings;
import dev.llmproxy.cache.redis.RedisAnswerSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The cache of answers. Routes may say otherwise of themselves.
 *
 * @param enabled whether answers are kept
 * @param ttl how long an answer is good for
 * @param maxTtl up to which hits prolong that time; by default they do not
 * @param hotHits after so many hits each the time of an answer is doubled; matters only
 * with max-ttl
 * @param staleWhileRevalidate how long after its time an answer is still given while a
 * new one is fetched
 * @param staleIfError how long after its time an answer is still given where there is
 * only an error otherwise
 * @param nonDeterministic whether also those answers are kept that a model might not give
 * again: to requests with neither temperature 0 nor a seed
 * @param tenant whom answers are shared by: each key has its own, or all keys of a team
 * together
 * @param maxSize of all answers in memory
 * @param maxAnswer the largest answer that is kept
 * @param store where answers are kept
 * @param redis how several nodes share answers
 * @param semantic when an answer to another question will do
 * @param flag a flag; answers are kept only of requests that it is on for
 * @param warmDirectory where files of requests are that the endpoint llmcache may have
 * asked; by default there are none
 */
@ConfigurationProperties("llm-proxy.cache")
record CacheProperties(@DefaultValue("false") boolean enabled, @DefaultValue("1h") Duration ttl,
		@Nullable Duration maxTtl, @DefaultValue("10") int hotHits, @DefaultValue("0s") Duration staleWhileRevalidate,
		@DefaultValue("0s") Duration staleIfError, @DefaultValue("false") boolean nonDeterministic,
		@DefaultValue("key") CachePolicy.Tenant tenant, @DefaultValue("64MB") DataSize maxSize,
		@DefaultValue("1MB") DataSize maxAnswer, @DefaultValue("memory") Store store, @DefaultValue Redis redis,
		@DefaultValue Semantic semantic, @Nullable String flag, @Nullable Path warmDirectory) {

	CachePolicy policy() {
		return policy(this.enabled, this.ttl, this.maxTtl, this.hotHits, this.staleWhileRevalidate, this.staleIfError,
				this.nonDeterministic, this.semantic.enabled(), this.flag);
	}

	/** What a route says goes before what holds in general. */
	CachePolicy policy(RouteProperties.Cache route) {
		return policy(route.enabled(), either(route.ttl(), this.ttl),
				(route.maxTtl() != null) ? route.maxTtl() : this.maxTtl, either(route.hotHits(), this.hotHits),
				either(route.staleWhileRevalidate(), this.staleWhileRevalidate),
				either(route.staleIfError(), this.staleIfError),
				either(route.nonDeterministic(), this.nonDeterministic),
				either(route.semantic(), this.semantic.enabled()), (route.flag() != null) ? route.flag() : this.flag);
	}

	private static <T> T either(@Nullable T own, T general) {
		return (own != null) ? own : general;
	}

	private CachePolicy policy(boolean enabled, Duration ttl, @Nullable Duration maxTtl, int hotHits,
			Duration staleWhileRevalidate, Duration staleIfError, boolean nonDeterministic, boolean semantic,
			@Nullable String flag) {
		return new CachePolicy(enabled, ttl, (maxTtl != null) ? maxTtl : ttl, hotHits, staleWhileRevalidate,
				staleIfError, nonDeterministic, this.tenant, semantic, flag);
	}

	/** Where answers are kept, and questions remembered. */
	enum Store {

		/** In each node's memory. */
		MEMORY,

		/**
		 * In memory and, for all nodes together, in the Redis of spring.data.redis.
		 */
		REDIS

	}

	/**
	 * How several nodes share answers.
	 *
	 * @param prefix of all keys in Redis
	 * @param deadline for one question to Redis, up to 50ms; a Redis that was silent
	 * three times is not asked any more until it answers a probe
	 * @param probeInterval until a Redis that did not answer is asked again
	 * @param compressAbove answers that are longer are compressed
	 */
	record Redis(@DefaultValue("llm-proxy:cache:") String prefix, @DefaultValue("30ms") Duration deadline,
			@DefaultValue("200ms") Duration probeInterval, @DefaultValue("1KB") DataSize compressAbove) {

		RedisAnswerSettings settings(DataSize maxAnswer) {
			return new RedisAnswerSettings(this.prefix, this.deadline, this.probeInterval,
					Math.toIntExact(this.compressAbove.toBytes()), Math.toIntExact(maxAnswer.toBytes()));
		}

	}

	/**
	 * When an answer to a question of the same meaning will do. What is compared by its
	 * meaning are the last words of the user; all else must be the same.
	 *
	 * @param enabled whether it will
	 * @param embeddingModel makes vectors of questions, such as
	 * openai/text-embedding-3-small; by default a bean that can
	 * @param threshold the least cosine similarity of two questions
	 * @param deadline for a vector; after that the question is asked of the model
	 * @param maxQuestions that are remembered
	 * @param store where questions are remembered; redis needs
	 * llm-proxy.cache.store=redis and Redis 8 or later
	 * @param verifyPercent of such answers that are compared with what the model says
	 * @param agreement the least cosine similarity of two answers that agree
	 */
	record Semantic(@DefaultValue("false") boolean enabled, @Nullable String embeddingModel,
			@DefaultValue("0.95") double threshold, @DefaultValue("500ms") Duration deadline,
			@DefaultValue("10000") int maxQuestions, @DefaultValue("memory") Store store,
			@DefaultValue("0") double verifyPercent, @DefaultValue("0.9") double agreement) {

		SemanticSettings settings() {
			return new SemanticSettings(this.threshold, this.verifyPercent, this.agreement, this.maxQuestions,
					this.deadline);
		}

	}

}
