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
 * @param defaultProvider the provider that serves names without a provider that nobody
 * else claims; by default the only configured one
 */
@ConfigurationProperties("llm-proxy")
record RoutingProperties(@DefaultValue Map<String, List<String>> aliases, @Nullable String defaultProvider) {
}
