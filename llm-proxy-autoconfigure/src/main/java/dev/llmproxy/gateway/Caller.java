package dev.llmproxy.gateway;

import java.util.List;

/**
 * Who calls. Derived by the server from the presented key, never from the request's own
 * words.
 *
 * @param id a stable identifier that is safe to log
 * @param models patterns of the models this caller may use, with {@code *} for any run of
 * characters; empty for all
 */
public record Caller(String id, List<String> models) {

	/** Nobody in particular. */
	public static final Caller ANONYMOUS = new Caller("anonymous", List.of());

	/** The application itself, calling in-process. */
	public static final Caller APPLICATION = new Caller("application", List.of());

	public Caller {
		models = List.copyOf(models);
	}

	/** Whether this caller may use the model that goes by this public name. */
	public boolean mayUse(String model) {
		if (this.models.isEmpty()) {
			return true;
		}
		for (String pattern : this.models) {
			if (matches(pattern, 0, model, 0)) {
				return true;
			}
		}
		return false;
	}

	private static boolean matches(String pattern, int p, String text, int t) {
		int star = -1;
		int mark = 0;
		while (t < text.length()) {
			if (p < pattern.length() && pattern.charAt(p) == '*') {
				star = p++;
				mark = t;
			}
			else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
				p++;
				t++;
			}
			else if (star >= 0) {
				p = star + 1;
				t = ++mark;
			}
			else {
				return false;
			}
		}
		while (p < pattern.length() && pattern.charAt(p) == '*') {
			p++;
		}
		return p == pattern.length();
	}

}
