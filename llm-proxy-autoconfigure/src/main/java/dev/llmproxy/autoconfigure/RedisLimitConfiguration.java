package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.limit.redis.RedisLimitStore;
import io.lettuce.core.resource.Delay;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
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
@Import({ DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class })
class RedisLimitConfiguration {

	/** Who waits longer between tries notices too late that Redis is back. */
	private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofMillis(500);

	/** A Redis that does not answer must not keep the server from starting. */
	private static final Duration FIRST_ANSWER = Duration.ofSeconds(2);

	@Bean
	@ConditionalOnMissingBean(LimitStore.class)
	RedisLimitStore llmRedisLimitStore(ReactiveStringRedisTemplate redis, LimitProperties properties,
			ObjectProvider<LimitListener> listener) {
		return new RedisLimitStore(redis,
				InvalidPropertyException.checked("llm-proxy.limits.redis", () -> properties.redis().settings()),
				listener.getIfAvailable(() -> LimitListener.NONE));
	}

	@Bean
	ClientResourcesBuilderCustomizer llmRedisReconnectDelay() {
		return (resources) -> resources
			.reconnectDelay(Delay.exponential(Duration.ofMillis(1), LONGEST_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS));
	}

	@Bean
	SmartLifecycle llmRedisLimitLifecycle(ObjectProvider<RedisLimitStore> stores) {
		return new Beating(stores);
	}

	/** Begins before the server takes calls. */
	private static final class Beating implements SmartLifecycle {

		private final ObjectProvider<RedisLimitStore> stores;

		private volatile boolean running;

		Beating(ObjectProvider<RedisLimitStore> stores) {
			this.stores = stores;
		}

		@Override
		public void start() {
			this.running = true;
			this.stores.ifAvailable((store) -> store.start().timeout(FIRST_ANSWER, Mono.empty()).block());
		}

		@Override
		public void stop() {
			this.running = false;
			this.stores.ifAvailable(RedisLimitStore::stop);
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return 0;
		}

	}

}
