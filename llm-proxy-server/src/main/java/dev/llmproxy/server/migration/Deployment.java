package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a list of models: who serves it, and what is said of it.
 *
 * @param path where it is in the old configuration
 * @param group what callers name
 * @param model as the provider names it
 * @param provider what its provider is called if that is free
 * @param type of its provider
 * @param settings of its provider
 * @param facts of the target: limits, prices and the like, as properties
 * @param id of its own; {@code null} if it has none
 * @param weight its share; {@code null} if not said
 * @param order lower ones first; {@code null} if not said
 * @param total the time for an answer
 * @param firstToken the time until a stream begins
 * @param retries rounds after the first
 * @param like a known model that it is like
 */
record Deployment(String path, String group, String model, String provider, String type, Map<String, Object> settings,
		Map<String, Object> facts, @Nullable String id, @Nullable BigDecimal weight, @Nullable Long order,
		@Nullable String total, @Nullable String firstToken, @Nullable Long retries, @Nullable String like) {

	boolean wildcard() {
		return this.group.contains("*");
	}

	/** Requests, or else tokens, that it may get in a minute. */
	@Nullable Long granted(String limit) {
		return (this.facts.get("limits") instanceof Map<?, ?> limits && limits.get(limit) instanceof Long number)
				? number : null;
	}

}
