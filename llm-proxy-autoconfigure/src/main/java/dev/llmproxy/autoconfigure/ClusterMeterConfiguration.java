package dev.llmproxy.autoconfigure;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

import dev.llmproxy.cluster.MessageCounts;
import dev.llmproxy.cluster.MessageCounts.Kind;
import dev.llmproxy.cluster.MessageCounts.Outcome;
import dev.llmproxy.cluster.redis.RedisCluster;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Counts what nodes tell each other. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "llm-proxy.metrics.enabled", matchIfMissing = true)
class ClusterMeterConfiguration {

	@Bean
	MeterBinder llmClusterMeters(ObjectProvider<RedisCluster> clusters) {
		return (registry) -> clusters.ifAvailable((cluster) -> {
			Gauge.builder("llm.proxy.cluster.up", cluster, (known) -> known.up() ? 1 : 0)
				.description("1 while nodes can tell each other something")
				.register(registry);
			for (Kind kind : Kind.values()) {
				for (Outcome outcome : outcomes(kind)) {
					bind(registry, cluster.counts(), kind, outcome);
				}
			}
		});
	}

	/** Those that there can be. */
	private static Set<Outcome> outcomes(Kind kind) {
		return (kind == Kind.UNKNOWN) ? EnumSet.of(Outcome.DROPPED, Outcome.INVALID)
				: EnumSet.complementOf(EnumSet.of(Outcome.INVALID));
	}

	private static void bind(MeterRegistry registry, MessageCounts counts, Kind kind, Outcome outcome) {
		FunctionCounter.builder("llm.proxy.cluster.messages", counts, (known) -> known.get(kind, outcome))
			.description("Messages between nodes, by what became of them")
			.tag("type", kind.name().toLowerCase(Locale.ROOT))
			.tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
			.register(registry);
	}

}
