package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call. Beside the keys here there are those of the environment variables
 * LLM_PROXY_API_KEY (one) and LLM_PROXY_API_KEYS (several, separated by commas).
 *
 * @param anonymous whether callers without a key are let in, wherever they are; by
 * default only where no key is configured, and then from this machine only
 * @param guardAddress whether a server without keys listens on the loopback address only,
 * and refuses to start where 'server.address' says otherwise
 * @param keys the keys that callers may present
 */
@ConfigurationProperties("llm-proxy.access")
record AccessProperties(@Nullable Boolean anonymous, @DefaultValue("false") boolean guardAddress,
		@DefaultValue List<Key> keys) {

	/**
	 * A caller's key: one of key, hash and key-file.
	 *
	 * @param id names the caller in logs and metrics
	 * @param key the key itself, 16 characters or more; better give its hash
	 * @param hash 'sha256:' and the 64 hexadecimal digits of the key's SHA-256
	 * @param keyFile a file that holds the key and nothing else
	 * @param models patterns of the models it may use, '*' for any run of characters; by
	 * default all
	 * @param team whom it belongs to, for limits that several keys share
	 * @param limits what it may use; nothing is limited by default
	 */
	record Key(@Nullable String id, @Nullable String key, @Nullable String hash, @Nullable Path keyFile,
			@DefaultValue List<String> models, @Nullable String team, @Nullable LimitAmounts limits) {

		/** Without the key and its hash. */
		@Override
		public String toString() {
			return "Key[id=" + this.id + ", models=" + this.models + "]";
		}

	}

}
