package dev.llmproxy.autoconfigure;

import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.cache.SharedAnswers;
import dev.llmproxy.cache.redis.RedisAnswers;
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

/**
 * Answers in Redis. Boot's own configuration of it is imported, because the server leaves
 * it out unless something needs it.
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
		return new RedisAnswers(connections,
				InvalidPropertyException.checked("llm-proxy.cache.redis",
						() -> properties.redis().settings(properties.maxAnswer())),
				local, CacheListener.all(listeners.orderedStream().toList()));
	}

	@Bean
	SmartLifecycle llmRedisCacheLifecycle(ObjectProvider<RedisAnswers> answers) {
		return new StoreLifecycle(() -> {
			RedisAnswers store = answers.getIfAvailable();
			return (store != null) ? store.start() : Mono.empty();
		}, () -> answers.ifAvailable(RedisAnswers::stop));
	}

}
