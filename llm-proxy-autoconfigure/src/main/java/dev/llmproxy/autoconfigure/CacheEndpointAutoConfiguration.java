package dev.llmproxy.autoconfigure;

import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.cache.CacheFilter;
import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.cache.Semantics;
import dev.llmproxy.cache.SharedAnswers;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.LlmGateway;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmcache}, where it is exposed. */
@AutoConfiguration(
		after = { CacheAutoConfiguration.class, GatewayAutoConfiguration.class, AccessAutoConfiguration.class })
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ CacheFilter.class, LocalAnswers.class, LlmGateway.class, ClientKeys.class })
public final class CacheEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	CacheEndpoint llmCacheEndpoint(CacheProperties properties, LocalAnswers local, SharedAnswers shared,
			LlmGateway gateway, Codecs codecs, ClientKeys keys, ObjectProvider<Semantics> semantics) {
		return new CacheEndpoint(local, shared, new CacheWarming(properties.warmDirectory(), gateway, codecs), keys,
				semantics.getIfAvailable());
	}

}
