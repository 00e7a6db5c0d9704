package dev.llmproxy.autoconfigure;

import java.util.Locale;

import dev.llmproxy.limit.LimitFilter;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.limit.LimitRules;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.limit.LocalLimitStore;
import dev.llmproxy.limit.TargetLimitFilter;
import dev.llmproxy.limit.TargetLimits;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.token.FamilyCounters;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Limits on what callers use, and on what is used of providers. */
@AutoConfiguration(before = RoutingAutoConfiguration.class)
@EnableConfigurationProperties({ LimitProperties.class, AccessProperties.class, RoutingProperties.class })
@Import({ RedisLimitConfiguration.class, SnapshotConfiguration.class })
public final class LimitAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LimitStore llmLimitStore(LimitProperties properties) {
		if (properties.store() != LimitProperties.Store.MEMORY) {
			throw new InvalidPropertyException("llm-proxy.limits.store",
					"limits cannot be kept in " + properties.store().name().toLowerCase(Locale.ROOT)
							+ " because the application has no client for it",
					"Add the dependency org.springframework.boot:spring-boot-starter-data-redis, or set it to "
							+ "'memory'.");
		}
		return new LocalLimitStore();
	}

	@Bean
	@ConditionalOnMissingBean(LimitFilter.class)
	ReloadableLimits llmReloadableLimits(LimitProperties limits, AccessProperties access, RoutingProperties routing) {
		return new ReloadableLimits(ConfiguredLimits.read(limits, access, routing));
	}

	@Bean
	@ConditionalOnMissingBean
	LimitFilter llmLimitFilter(LimitStore store, ReloadableLimits rules, LiveSnapshot live, LimitProperties limits,
			ObjectProvider<LimitListener> listeners, ObjectProvider<TokenCounters> counters) {
		if (limits.expectedOutputTokens() < 0) {
			throw new InvalidPropertyException("llm-proxy.limits.expected-output-tokens", "it is negative",
					"Use a number of tokens such as 512.");
		}
		live.add(LimitRules.class, rules.first());
		return new LimitFilter(store, live, limits.expectedOutputTokens(),
				LimitListener.all(listeners.orderedStream().toList()),
				counters.getIfAvailable(() -> FamilyCounters.ESTIMATES));
	}

	@Bean
	@ConditionalOnMissingBean
	TargetLimits llmTargetLimits(LimitStore store) {
		return new TargetLimits(store);
	}

	@Bean
	@ConditionalOnMissingBean
	TargetLimitFilter llmTargetLimitFilter(LimitStore store, LimitProperties limits,
			ObjectProvider<LimitListener> listeners, ObjectProvider<TokenCounters> counters) {
		return new TargetLimitFilter(store, limits.expectedOutputTokens(),
				LimitListener.all(listeners.orderedStream().toList()),
				counters.getIfAvailable(() -> FamilyCounters.ESTIMATES));
	}

}
