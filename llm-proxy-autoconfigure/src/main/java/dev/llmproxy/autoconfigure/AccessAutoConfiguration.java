package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.Objects;

import dev.llmproxy.access.ClientKey;
import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.access.ModelAccessFilter;
import dev.llmproxy.gateway.Caller;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Callers' keys, and what they allow. */
@AutoConfiguration
@EnableConfigurationProperties(AccessProperties.class)
public final class AccessAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ClientKeys llmClientKeys(AccessProperties properties) {
		List<ClientKey> keys = properties.keys().stream().map(AccessAutoConfiguration::key).toList();
		Boolean anonymous = properties.anonymous();
		return new ClientKeys(keys, (anonymous != null) ? anonymous : keys.isEmpty());
	}

	private static ClientKey key(AccessProperties.Key key) {
		Caller caller = new Caller(key.id(), key.models());
		if ((key.key() == null) == (key.hash() == null)) {
			throw new IllegalArgumentException("Client key '" + key.id() + "' needs either 'key' or 'hash'");
		}
		return (key.hash() != null) ? ClientKey.ofHash(key.hash(), caller)
				: ClientKey.ofKey(Objects.requireNonNull(key.key()), caller);
	}

	@Bean
	@ConditionalOnMissingBean
	ModelAccessFilter llmModelAccessFilter() {
		return new ModelAccessFilter();
	}

}
