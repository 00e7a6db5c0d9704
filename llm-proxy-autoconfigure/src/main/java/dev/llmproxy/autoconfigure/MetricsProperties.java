package dev.llmproxy.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway's meters.
 *
 * @param enabled whether calls are measured
 * @param maxSeries combinations of operation, provider, model and error after which
 * further models are counted as 'other'
 */
@ConfigurationProperties("llm-proxy.metrics")
record MetricsProperties(@DefaultValue("true") boolean enabled, @DefaultValue("500") int maxSeries) {
}
