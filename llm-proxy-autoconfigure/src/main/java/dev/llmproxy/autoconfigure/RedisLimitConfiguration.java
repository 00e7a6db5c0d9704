package dev.llmproxy.autoconfigure;

import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.limit.redis.RedisLimitStore;
import io.lettuce.core.resource.Delay;
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
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * Limits in Redis. Boot's own configuration of it is imported, because the server leaves
 * it out unless something needs it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ ReactiveStringRedisTemplate.class, DataRedisReactiveAutoConfiguration.class, Delay.class })
@ConditionalOnProperty(name = "llm-proxy.limits.store", havingValue = "redis")
@Import({ DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class, RedisReconnection.class })
class RedisLimitConfiguration {

	@Bean
	@ConditionalOnMissingBean(LimitStore.class)
	RedisLimitStore llmRedisLimitStore(ReactiveStringRedisTemplate redis, LimitProperties properties,
			ObjectProvider<LimitListener> listeners) {
		return new RedisLimitStore(redis,
				InvalidPropertyException.checked("llm-proxy.limits.redis", () -> properties.redis().settings()),
				LimitListener.all(listeners.orderedStream().toList()));
	}

	@Bean
	SmartLifecycle llmRedisLimitLifecycle(ObjectProvider<RedisLimitStore> stores) {
		return new StoreLifecycle(() -> {
			RedisLimitStore store = stores.getIfAvailable();
			return (store != null) ? store.start() : Mono.empty();
		}, () -> stores.ifAvailable(RedisLimitStore::stop));
	}

}
