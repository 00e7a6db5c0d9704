package dev.llmproxy.autoconfigure;

import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.access.ModelAccessFilter;
import dev.llmproxy.gateway.LiveSnapshot;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Callers' keys, and what they allow. */
@AutoConfiguration
@EnableConfigurationProperties(AccessProperties.class)
@Import(SnapshotConfiguration.class)
public final class AccessAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(ClientKeys.class)
	ReloadableKeys llmReloadableKeys(AccessProperties properties, Environment environment) {
		return new ReloadableKeys(properties, environment);
	}

	@Bean
	@ConditionalOnMissingBean
	ClientKeys llmClientKeys(ReloadableKeys keys, LiveSnapshot live) {
		live.add(ClientKeys.class, keys.first());
		return ClientKeys.following(() -> live.get(ClientKeys.class));
	}

	@Bean
	@ConditionalOnMissingBean
	ModelAccessFilter llmModelAccessFilter() {
		return new ModelAccessFilter();
	}

}
