package dev.llmproxy.web;

import dev.llmproxy.gateway.HeaderFields;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.springframework.http.HttpHeaders;

/**
 * Which of a caller's headers travel on to a provider of the same dialect. A list of what
 * may, because cookies, keys, forwarding and hop-by-hop headers must not.
 */
final class ForwardedHeaders {

	private static final List<String> NAMES = List.of("openai-beta", "idempotency-key", "content-type");

	private static final List<String> PREFIXES = List.of("anthropic-", "x-stainless-");

	private ForwardedHeaders() {
	}

	static HttpHeaders of(HttpHeaders headers) {
		HttpHeaders forwarded = HeaderFields.create();
		List<String> hopByHop = hopByHop(headers);
		HeaderFields.forEach(headers, (name, values) -> {
			if (mayTravel(name, hopByHop)) {
				forwarded.put(name, values);
			}
		});
		return forwarded;
	}

	/**
	 * The same, sooner.
	 * @param fields the fields of these headers, one by one
	 */
	static HttpHeaders of(HttpHeaders headers, Iterable<Map.Entry<String, String>> fields) {
		HttpHeaders forwarded = HeaderFields.create();
		List<String> hopByHop = hopByHop(headers);
		for (Map.Entry<String, String> field : fields) {
			if (mayTravel(field.getKey(), hopByHop)) {
				forwarded.add(field.getKey(), field.getValue());
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

	private static boolean mayTravel(String name, List<String> hopByHop) {
		return isKnown(name) && !hopByHop.contains(name.toLowerCase(Locale.ROOT));
	}

	private static boolean isKnown(String name) {
		for (String known : NAMES) {
			if (known.equalsIgnoreCase(name)) {
				return true;
			}
		}
		for (String prefix : PREFIXES) {
			if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
				return true;
			}
		}
		return false;
	}

}
