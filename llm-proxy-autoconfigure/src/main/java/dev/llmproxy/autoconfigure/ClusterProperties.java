package dev.llmproxy.autoconfigure;

import java.time.Duration;

import dev.llmproxy.cluster.redis.RedisClusterSettings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What nodes behind one load balancer tell each other, through the Redis of
 * spring.data.redis: which targets rest, whose breaker opened, and what operators have
 * said.
 *
 * @param enabled whether they do
 * @param node how logs and events of the other nodes name this one, in up to 64
 * characters
 * @param prefix of the channel and the keys in Redis; nodes with the same one tell each
 * other
 * @param deadline for one word to Redis, up to 5s; no call waits for it. A Redis that was
 * silent three times is told nothing more until it answers a probe
 * @param probeInterval until a Redis that did not answer is asked again
 * @param refreshInterval how often it is looked whether an operator's word was missed
 * @param queue how many messages may wait; others are dropped and counted
 */
@ConfigurationProperties("llm-proxy.cluster")
record ClusterProperties(@DefaultValue("false") boolean enabled, @DefaultValue("node") String node,
		@DefaultValue("llm-proxy:") String prefix, @DefaultValue("500ms") Duration deadline,
		@DefaultValue("500ms") Duration probeInterval, @DefaultValue("10s") Duration refreshInterval,
		@DefaultValue("1000") int queue) {

	RedisClusterSettings settings() {
		return new RedisClusterSettings(this.node, this.prefix, this.deadline, this.probeInterval, this.refreshInterval,
				this.queue);
	}

}
