package dev.llmproxy.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call.
 *
 * @param anonymous whether callers without a key are let in, on whatever address the
 * server listens; by default only where no key is configured, and then on the loopback
 * address only
 * @param keys the keys that callers may present
 */
@ConfigurationProperties("llm-proxy.access")
record AccessProperties(@Nullable Boolean anonymous, @DefaultValue List<Key> keys) {

	/**
	 * A caller's key.
	 *
	 * @param id names the caller in logs and metrics
	 * @param key the key itself; better give its hash
	 * @param hash {@code sha256:} and the 64 hexadecimal digits of the key's SHA-256
	 * @param models patterns of the models it may use, {@code *} for any run of
	 * characters; by default all
	 */
	record Key(String id, @Nullable String key, @Nullable String hash, @DefaultValue List<String> models) {
	}

}
