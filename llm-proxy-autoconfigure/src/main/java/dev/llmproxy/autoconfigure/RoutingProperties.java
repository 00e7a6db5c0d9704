package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which names models go by.
 *
 * @param aliases public names, each standing for one {@code provider/model} or several
 * that are tried in order
 * @param routes public names for targets, with all that is to be said of choosing among
 * them
 * @param defaultProvider the provider that serves names without a provider that nobody
 * else claims; by default the only configured one
 * @param routing what holds for all routes
 */
@ConfigurationProperties("llm-proxy")
record RoutingProperties(@DefaultValue Map<String, List<String>> aliases,
		@DefaultValue Map<String, RouteProperties> routes, @Nullable String defaultProvider,
		@DefaultValue Routing routing) {

	/**
	 * What holds for all routes.
	 *
	 * @param allowForced whether callers may say in the headers
	 * {@code llm-proxy-force-target} and {@code llm-proxy-force-provider} what serves
	 * them, as far as their keys allow
	 */
	record Routing(@DefaultValue("false") boolean allowForced) {
	}

}
