package dev.llmproxy.gateway;

/**
 * Patterns of names, in which {@code *} stands for any run of characters. Matching takes
 * time in proportion to both lengths, whatever the pattern.
 */
public final class NamePattern {

	private NamePattern() {
	}

	/** Whether the whole name fits the pattern. */
	public static boolean matches(String pattern, String name) {
		int p = 0;
		int n = 0;
		int star = -1;
		int mark = 0;
		while (n < name.length()) {
			if (p < pattern.length() && pattern.charAt(p) == '*') {
				star = p++;
				mark = n;
			}
			else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
				p++;
				n++;
			}
			else if (star >= 0) {
				p = star + 1;
				n = ++mark;
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
