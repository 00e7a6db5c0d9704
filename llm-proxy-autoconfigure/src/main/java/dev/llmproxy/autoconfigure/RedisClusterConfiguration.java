package dev.llmproxy.autoconfigure;

import dev.llmproxy.cluster.Cluster;
import dev.llmproxy.cluster.redis.RedisCluster;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
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
 * Nodes that tell each other through Redis. Boot's own configuration of it is imported,
 * because the server leaves it out unless something needs it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ ReactiveRedisConnectionFactory.class, DataRedisReactiveAutoConfiguration.class })
@Import({ DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class, RedisReconnection.class })
class RedisClusterConfiguration {

	@Bean
	@ConditionalOnMissingBean(Cluster.class)
	RedisCluster llmRedisCluster(ReactiveRedisConnectionFactory connections, ClusterProperties properties) {
		return new RedisCluster(connections,
				InvalidPropertyException.checked("llm-proxy.cluster", properties::settings));
	}

	/** Before calls are served it is known what keeps them from whom. */
	@Bean
	SmartLifecycle llmRedisClusterLifecycle(ObjectProvider<RedisCluster> clusters) {
		return new StoreLifecycle(() -> {
			RedisCluster cluster = clusters.getIfAvailable();
			return (cluster != null) ? cluster.start() : Mono.empty();
		}, () -> clusters.ifAvailable(RedisCluster::stop));
	}

}
