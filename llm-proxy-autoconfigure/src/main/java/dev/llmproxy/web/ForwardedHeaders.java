package dev.llmproxy.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.springframework.http.HttpHeaders;

/**
 * Which of a caller's headers travel on to a provider of the same dialect. A list of what
 * may, because cookies, keys, forwarding and hop-by-hop headers must not.
 */
final class ForwardedHeaders {

	private static final Set<String> NAMES = Set.of("openai-beta", "idempotency-key", "content-type");

	private static final List<String> PREFIXES = List.of("anthropic-", "x-stainless-");

	private ForwardedHeaders() {
	}

	static HttpHeaders of(HttpHeaders headers) {
		HttpHeaders forwarded = new HttpHeaders();
		for (Map.Entry<String, List<String>> header : headers.headerSet()) {
			String name = header.getKey();
			if (mayTravel(name)) {
				forwarded.put(name, header.getValue());
			}
		}
		return forwarded;
	}

	private static boolean mayTravel(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		if (NAMES.contains(lower)) {
			return true;
		}
		for (String prefix : PREFIXES) {
			if (lower.startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

}
