package dev.llmproxy.autoconfigure;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much may be used in a minute, and at once.
 *
 * @param requestsPerMinute calls within any minute; 0 for any number
 * @param tokensPerMinute tokens of prompts and answers within any minute; 0 for any
 * number
 * @param concurrency calls under way at once; 0 for any number
 */
record LimitAmounts(@DefaultValue("0") long requestsPerMinute, @DefaultValue("0") long tokensPerMinute,
		@DefaultValue("0") int concurrency) {
}
