package dev.llmproxy.autoconfigure;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The providers of models.
 *
 * @param providers by name, which is the prefix in {@code provider/model}
 */
@ConfigurationProperties("llm-proxy")
record ProviderProperties(@DefaultValue Map<String, Settings> providers) {

	/**
	 * One provider.
	 *
	 * @param type the vendor; by default the provider's name
	 * @param baseUrl where its API lives, the version included
	 * @param apiKey its key
	 * @param apiKeys more keys, used in turn
	 * @param models the models on offer; by default the provider is asked
	 */
	record Settings(@Nullable String type, @Nullable URI baseUrl, @Nullable String apiKey,
			@DefaultValue List<String> apiKeys, @DefaultValue List<String> models) {
	}

}
