package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.access.AnonymousAccess;
import dev.llmproxy.access.ClientKey;
import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.access.ModelAccessFilter;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Callers' keys, and what they allow. */
@AutoConfiguration
@EnableConfigurationProperties(AccessProperties.class)
public final class AccessAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ClientKeys llmClientKeys(AccessProperties properties, Environment environment) {
		List<ClientKey> keys = ConfiguredKeys.read(properties, environment);
		return new ClientKeys(keys, anonymous(properties.anonymous(), keys.isEmpty()));
	}

	private static AnonymousAccess anonymous(@Nullable Boolean allowed, boolean noKeys) {
		if (allowed == null) {
			return noKeys ? AnonymousAccess.LOCAL : AnonymousAccess.NONE;
		}
		return allowed ? AnonymousAccess.ANYWHERE : AnonymousAccess.NONE;
	}

	@Bean
	@ConditionalOnMissingBean
	ModelAccessFilter llmModelAccessFilter() {
		return new ModelAccessFilter();
	}

}
