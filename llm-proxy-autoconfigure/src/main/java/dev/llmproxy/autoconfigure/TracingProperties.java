package dev.llmproxy.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Spans of calls. Where they go to and how many there are is said by Spring Boot's own
 * properties: management.opentelemetry.tracing.export.otlp.endpoint and
 * management.tracing.sampling.probability.
 *
 * @param enabled whether calls are traced, if spans are exported anywhere
 * @param acceptContext whether a trace goes on that callers tell of (headers traceparent
 * and tracestate), and whether it is sampled is theirs to say
 * @param content whether spans tell what was said: 'none', 'redacted' (without secrets,
 * e-mail addresses and long numbers) or 'full'
 * @param maxContent characters of what was said in an attribute of a span; of long
 * conversations the end is told
 */
@ConfigurationProperties("llm-proxy.tracing")
record TracingProperties(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean acceptContext,
		@DefaultValue("none") Content content, @DefaultValue("8192") int maxContent) {

	/** What spans tell of what was said. */
	enum Content {

		/** Nothing. */
		NONE,

		/** What is left when secrets and numbers are masked. */
		REDACTED,

		/** Everything. */
		FULL

	}

}
