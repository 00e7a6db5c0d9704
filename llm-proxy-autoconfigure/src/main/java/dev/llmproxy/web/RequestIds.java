package dev.llmproxy.web;

import dev.llmproxy.dialect.RandomIds;
import org.jspecify.annotations.Nullable;

/** Request ids: the caller's own where it is harmless, else a random one. */
final class RequestIds {

	static final String HEADER = "x-request-id";

	private static final int LONGEST = 128;

	private RequestIds() {
	}

	static String choose(@Nullable String given) {
		return (given != null && isHarmless(given)) ? given : RandomIds.next("req_");
	}

	private static boolean isHarmless(String id) {
		if (id.isEmpty() || id.length() > LONGEST) {
			return false;
		}
		for (int i = 0; i < id.length(); i++) {
			char c = id.charAt(i);
			boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
			if (!word && c != '-' && c != '_' && c != '.' && c != ':') {
				return false;
			}
		}
		return true;
	}

}
