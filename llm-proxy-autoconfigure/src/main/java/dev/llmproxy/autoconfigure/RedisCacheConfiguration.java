package dev.llmproxy.autoconfigure;

import java.util.stream.Stream;

import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.cache.SharedAnswers;
import dev.llmproxy.cache.SharedQuestions;
import dev.llmproxy.cache.redis.RedisAnswerSettings;
import dev.llmproxy.cache.redis.RedisAnswers;
import dev.llmproxy.cache.redis.RedisQuestions;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Answers in Redis, and on demand questions. Boot's own configuration of it is imported,
 * because the server leaves it out unless something needs it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ ReactiveRedisConnectionFactory.class, DataRedisReactiveAutoConfiguration.class })
@ConditionalOnProperty(name = "llm-proxy.cache.store", havingValue = "redis")
@Import({ DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class, RedisReconnection.class })
class RedisCacheConfiguration {

	@Bean
	@ConditionalOnMissingBean(SharedAnswers.class)
	RedisAnswers llmRedisAnswers(ReactiveRedisConnectionFactory connections, CacheProperties properties,
			LocalAnswers local, ObjectProvider<CacheListener> listeners) {
		return new RedisAnswers(connections, settings(properties), local,
				CacheListener.all(listeners.orderedStream().toList()));
	}

	private static RedisAnswerSettings settings(CacheProperties properties) {
		return InvalidPropertyException.checked("llm-proxy.cache.redis",
				() -> properties.redis().settings(properties.maxAnswer()));
	}

	@Bean
	@ConditionalOnMissingBean(SharedQuestions.class)
	@ConditionalOnProperty(name = "llm-proxy.cache.semantic.store", havingValue = "redis")
	RedisQuestions llmRedisQuestions(ReactiveRedisConnectionFactory connections, CacheProperties properties,
			ObjectProvider<CacheListener> listeners) {
		if (!(connections instanceof LettuceConnectionFactory lettuce)) {
			throw new InvalidPropertyException("llm-proxy.cache.semantic.store",
					"questions cannot be kept in redis by another client than Lettuce",
					"Define a bean of type LettuceConnectionFactory, or set it to 'memory'.");
		}
		return new RedisQuestions(lettuce, settings(properties), properties.semantic().maxQuestions(),
				CacheListener.all(listeners.orderedStream().toList()));
	}

	@Bean
	SmartLifecycle llmRedisCacheLifecycle(ObjectProvider<RedisAnswers> answers,
			ObjectProvider<RedisQuestions> questions) {
		return new StoreLifecycle(() -> Mono.when(
				Stream.concat(answers.stream().map(RedisAnswers::start), questions.stream().map(RedisQuestions::start))
					.toList()),
				() -> {
					answers.ifAvailable(RedisAnswers::stop);
					questions.ifAvailable(RedisQuestions::stop);
				});
	}

}
