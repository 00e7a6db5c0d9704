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
		List<String> hopByHop = hopByHop(headers);
		for (Map.Entry<String, List<String>> header : headers.headerSet()) {
			String name = header.getKey();
			if (mayTravel(name) && !hopByHop.contains(name.toLowerCase(Locale.ROOT))) {
				forwarded.put(name, header.getValue());
			}
		}
		return forwarded;
	}

	/** What the caller itself calls hop-by-hop (RFC 9110, section 7.6.1). */
	private static List<String> hopByHop(HttpHeaders headers) {
		String connection = headers.getFirst(HttpHeaders.CONNECTION);
		return (connection == null || connection.equalsIgnoreCase("keep-alive")) ? List.of()
				: headers.getConnection().stream().map((name) -> name.toLowerCase(Locale.ROOT)).toList();
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
