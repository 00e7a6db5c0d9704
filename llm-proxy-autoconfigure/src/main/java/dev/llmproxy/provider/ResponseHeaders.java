package dev.llmproxy.provider;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.springframework.http.HttpHeaders;

/** Which of a provider's response headers callers see. */
final class ResponseHeaders {

	private static final String[] PREFIXES = { "openai-", "anthropic-", "x-ratelimit-", "x-amzn-", "x-goog-" };

	private static final Set<String> NAMES = Set.of("retry-after", "retry-after-ms");

	/** The provider's own request ids, renamed: {@code x-request-id} is ours. */
	private static final Set<String> REQUEST_IDS = Set.of("x-request-id", "request-id", "apim-request-id");

	private ResponseHeaders() {
	}

	static void copy(Iterable<Map.Entry<String, String>> from, HttpHeaders to) {
		for (Map.Entry<String, String> header : from) {
			String name = header.getKey().toLowerCase(Locale.ROOT);
			if (REQUEST_IDS.contains(name)) {
				to.set("llm-proxy-upstream-request-id", header.getValue());
			}
			else if (NAMES.contains(name) || startsWithAny(name)) {
				to.add(name, header.getValue());
			}
		}
	}

	private static boolean startsWithAny(String name) {
		for (String prefix : PREFIXES) {
			if (name.startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

}
