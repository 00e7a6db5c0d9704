package dev.llmproxy.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How changes of the configuration are taken up while the gateway runs.
 *
 * @param watch whether the files that the configuration was read from are watched; on in
 * the server
 * @param interval how often they are looked at
 * @param quietPeriod how long they have to stay as they are before they are read, so that
 * what is being written is written to its end
 */
@ConfigurationProperties("llm-proxy.reload")
record ReloadProperties(@DefaultValue("false") boolean watch, @DefaultValue("150ms") Duration interval,
		@DefaultValue("150ms") Duration quietPeriod) {
}
