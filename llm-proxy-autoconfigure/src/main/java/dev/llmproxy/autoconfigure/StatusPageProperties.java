package dev.llmproxy.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The status page, which is on offer where the actuator's endpoint {@code llmstatus} is
 * exposed.
 *
 * @param enabled whether there is one, and calls are counted for it; the server says true
 */
@ConfigurationProperties("llm-proxy.status-page")
record StatusPageProperties(@DefaultValue("false") boolean enabled) {
}
