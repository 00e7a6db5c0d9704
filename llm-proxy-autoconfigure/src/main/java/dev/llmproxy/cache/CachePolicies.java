package dev.llmproxy.cache;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The policies of a configuration.
 *
 * @param general for every model that has no policy of its own
 * @param own by the names that callers use
 * @param headers of callers that answers depend on, because routes do
 */
public record CachePolicies(CachePolicy general, Map<String, CachePolicy> own, List<String> headers) {

	/** Nothing is kept of anybody. */
	public static final CachePolicies OFF = new CachePolicies(CachePolicy.OFF, Map.of(), List.of());

	public CachePolicies {
		own = Map.copyOf(own);
		headers = headers.stream().map((name) -> name.toLowerCase(Locale.ROOT)).distinct().sorted().toList();
	}

	CachePolicy of(String model) {
		CachePolicy policy = this.own.get(model);
		return (policy != null) ? policy : this.general;
	}

}
