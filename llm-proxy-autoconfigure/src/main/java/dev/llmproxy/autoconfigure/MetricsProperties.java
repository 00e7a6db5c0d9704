package dev.llmproxy.autoconfigure;

import dev.llmproxy.observability.GenAiConventions;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway's meters.
 *
 * @param enabled whether calls are measured
 * @param maxSeries pairs of a route and a model, named by callers and not by the
 * configuration, after which further ones are counted as 'other'
 * @param genAiConventions which of OpenTelemetry's names for generative AI the meters
 * have: those of 1.41, or of the current draft
 */
@ConfigurationProperties("llm-proxy.metrics")
record MetricsProperties(@DefaultValue("true") boolean enabled, @DefaultValue("500") int maxSeries,
		@DefaultValue("v1.41") GenAiConventions genAiConventions) {
}
