package dev.llmproxy.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The HTTP front.
 *
 * @param enabled whether the gateway's paths are mounted
 * @param basePath prefix of all of them, beginning with a slash
 * @param maxBodySize longest request body
 * @param strict whether a request with something that its target can't take is refused
 * instead of that being dropped; a caller says otherwise with the header
 * {@code llm-proxy-strict}
 */
@ConfigurationProperties("llm-proxy.web")
record WebProperties(@DefaultValue("true") boolean enabled, @DefaultValue("") String basePath,
		@DefaultValue("32MB") DataSize maxBodySize, @DefaultValue("false") boolean strict) {
}
