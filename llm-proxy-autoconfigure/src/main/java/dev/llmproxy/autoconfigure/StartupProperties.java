package dev.llmproxy.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is told at start-up.
 *
 * @param summary whether addresses, providers, aliases and routes are logged once the
 * application is ready
 */
@ConfigurationProperties("llm-proxy.startup")
record StartupProperties(@DefaultValue("false") boolean summary) {
}
