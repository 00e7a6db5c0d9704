package dev.llmproxy.web.connection;

/**
 * What a request may ask for: a path, and perhaps a query, of the characters of RFC 3986.
 * The absolute form, of use to forward proxies only, is refused: it has a second host in
 * it.
 */
final class RequestTarget {

	private static final boolean[] ALLOWED = new boolean[128];

	static {
		for (char c = 'a'; c <= 'z'; c++) {
			ALLOWED[c] = true;
			ALLOWED[Character.toUpperCase(c)] = true;
		}
		for (char c : "0123456789-._~!$&'()*+,;=:@/".toCharArray()) {
			ALLOWED[c] = true;
		}
	}

	private RequestTarget() {
	}

	static boolean isValid(String target) {
		if (target.isEmpty() || target.charAt(0) != '/') {
			return false;
		}
		int segment = 1;
		boolean query = false;
		for (int i = 1; i < target.length(); i++) {
			char c = target.charAt(i);
			if (c == '%') {
				if (!isEncoded(target, i)) {
					return false;
				}
				i += 2;
			}
			else if (c == '?' && !query) {
				query = true;
				if (isDots(target, segment, i)) {
					return false;
				}
			}
			else if (c >= ALLOWED.length || !(ALLOWED[c] || (query && isAlsoInQuery(c)))) {
				return false;
			}
			else if (c == '/' && !query) {
				if (isDots(target, segment, i)) {
					return false;
				}
				segment = i + 1;
			}
		}
		return query || !isDots(target, segment, target.length());
	}

	/** Brackets are not allowed there either, but everybody sends them. */
	private static boolean isAlsoInQuery(char c) {
		return c == '?' || c == '[' || c == ']';
	}

	/** Two hexadecimal digits, which are not those of NUL. */
	private static boolean isEncoded(String target, int percent) {
		return percent + 2 < target.length() && Character.digit(target.charAt(percent + 1), 16) >= 0
				&& Character.digit(target.charAt(percent + 2), 16) >= 0
				&& !(target.charAt(percent + 1) == '0' && target.charAt(percent + 2) == '0');
	}

	/** Whether a segment is {@code .} or {@code ..}, encoded or not. */
	private static boolean isDots(String target, int start, int end) {
		int dots = 0;
		for (int i = start; i < end; dots++) {
			if (target.charAt(i) == '.') {
				i++;
			}
			else if (target.regionMatches(true, i, "%2e", 0, 3)) {
				i += 3;
			}
			else {
				return false;
			}
		}
		return dots == 1 || dots == 2;
	}

}
