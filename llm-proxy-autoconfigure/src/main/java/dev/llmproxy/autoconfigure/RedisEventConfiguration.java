package dev.llmproxy.autoconfigure;

import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.redis.RedisEventStream;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

/**
 * Events in Redis. Boot's own configuration of it is imported, because the server leaves
 * it out unless something needs it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ ReactiveRedisConnectionFactory.class, DataRedisReactiveAutoConfiguration.class })
@ConditionalOnBooleanProperty("llm-proxy.events.redis.enabled")
@Import({ DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class, RedisReconnection.class })
class RedisEventConfiguration {

	/** Without it there is nothing of this. */
	static final String CLIENT = "org.springframework.data.redis.connection.ReactiveRedisConnectionFactory";

	@Bean
	@ConditionalOnMissingBean
	RedisEventStream llmRedisEventStream(ReactiveRedisConnectionFactory connections, EventProperties properties) {
		return new RedisEventStream(connections,
				InvalidPropertyException.checked("llm-proxy.events.redis", () -> properties.redis().settings()));
	}

	@Bean(destroyMethod = "dispose")
	Disposable llmRedisEventListener(EventBus bus, RedisEventStream stream, EventProperties properties) {
		return bus.listen(ConfiguredWebhook.types("llm-proxy.events.redis.events", properties.redis().events()),
				stream::send);
	}

	@Bean
	EventDrops llmRedisEventDrops(RedisEventStream stream) {
		return new EventDrops("redis", stream::dropped);
	}

	@Bean
	SmartLifecycle llmRedisEventLifecycle(ObjectProvider<RedisEventStream> streams) {
		return new StoreLifecycle(() -> {
			RedisEventStream stream = streams.getIfAvailable();
			return (stream != null) ? stream.start() : Mono.empty();
		}, () -> streams.ifAvailable(RedisEventStream::stop));
	}

}
