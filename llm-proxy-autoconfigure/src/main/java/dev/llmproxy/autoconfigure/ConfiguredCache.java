package dev.llmproxy.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.llmproxy.cache.CachePolicies;
import dev.llmproxy.cache.CachePolicy;

/** Reads how answers are kept: in general, and of single routes. */
final class ConfiguredCache {

	/** What these say is done, whoever else is asked the same. */
	private static final List<String> ALWAYS = List.of("llm-proxy-force-target", "llm-proxy-force-provider",
			"llm-proxy-region", "llm-proxy-tags", "llm-proxy-fault");

	private static final String HEADERS = "headers.";

	private static final String METADATA = "metadata.";

	private static final String METADATA_HEADER = "llm-proxy-metadata";

	private static final String SESSION_HEADER = "llm-proxy-session";

	private ConfiguredCache() {
	}

	/**
	 * Reads it.
	 * @throws InvalidPropertyException if it can't be
	 */
	static CachePolicies read(CacheProperties cache, RoutingProperties routing) {
		CachePolicy general = InvalidPropertyException.checked("llm-proxy.cache", cache::policy);
		Map<String, CachePolicy> own = new HashMap<>();
		Set<String> headers = new TreeSet<>(ALWAYS);
		routing.routes().forEach((name, route) -> {
			RouteProperties.Cache of = route.cache();
			if (of != null) {
				own.put(name, InvalidPropertyException.checked(ConfiguredRoutes.property(name) + ".cache",
						() -> cache.policy(of)));
			}
			collect(route.strategy(), route.conditions(), route.by(), headers);
			collect(route.targets(), headers);
		});
		return new CachePolicies(general, own, List.copyOf(headers));
	}

	/** Headers that decide between models, of which answers must not be mixed. */
	private static void collect(List<RouteProperties.Target> targets, Set<String> headers) {
		for (RouteProperties.Target target : targets) {
			collect(target.strategy(), target.conditions(), target.by(), headers);
			collect(target.targets(), headers);
		}
	}

	private static void collect(RouteStrategy strategy, List<RouteProperties.Branch> conditions, List<String> by,
			Set<String> headers) {
		conditions.forEach((condition) -> collect(condition.query(), headers));
		if (strategy == RouteStrategy.SPLIT) {
			by.forEach((field) -> add(field, headers));
			if (by.isEmpty()) {
				headers.add(SESSION_HEADER);
			}
		}
	}

	private static void collect(Object query, Set<String> headers) {
		if (query instanceof Map<?, ?> fields) {
			fields.forEach((name, value) -> {
				add(String.valueOf(name), headers);
				// A name with a dot may have been bound as a map within a map.
				if (value instanceof Map<?, ?> inner) {
					inner.keySet().forEach((key) -> add(name + "." + key, headers));
				}
				collect(value, headers);
			});
		}
		else if (query instanceof Iterable<?> parts) {
			parts.forEach((part) -> collect(part, headers));
		}
	}

	private static void add(String field, Set<String> headers) {
		String lower = field.toLowerCase(Locale.ROOT);
		if (lower.startsWith(HEADERS)) {
			headers.add(lower.substring(HEADERS.length()));
		}
		else if (lower.startsWith(METADATA)) {
			headers.add(METADATA_HEADER);
		}
	}

}
