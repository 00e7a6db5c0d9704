package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.resource.Delay;

import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How soon Redis is connected to again. */
@Configuration(proxyBeanMethods = false)
class RedisReconnection {

	/** Who waits longer between tries notices too late that Redis is back. */
	private static final Duration LONGEST_DELAY = Duration.ofMillis(500);

	@Bean
	ClientResourcesBuilderCustomizer llmRedisReconnectDelay() {
		return (resources) -> resources
			.reconnectDelay(Delay.exponential(Duration.ofMillis(1), LONGEST_DELAY, 2, TimeUnit.MILLISECONDS));
	}

}
