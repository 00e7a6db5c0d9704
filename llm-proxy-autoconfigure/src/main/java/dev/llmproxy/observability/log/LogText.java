package dev.llmproxy.observability.log;

import org.jspecify.annotations.Nullable;

/**
 * Words from outside as they may stand in a log: on one line, not too long, and no
 * credentials among them.
 */
final class LogText {

	private static final int LONGEST = 256;

	private static final int LONGEST_WORD = 64;

	private LogText() {
	}

	/** A name that somebody else has chosen; {@code null} for none. */
	static @Nullable String clean(@Nullable String text) {
		if (text == null || text.isEmpty()) {
			return null;
		}
		return SecretMask.mask(isPlain(text) ? text : plain(text));
	}

	private static boolean isPlain(String text) {
		if (text.length() > LONGEST) {
			return false;
		}
		for (int i = 0; i < text.length(); i++) {
			if (!isPlain(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isPlain(char c) {
		return c >= ' ' && (c <= '~' || Character.isLetterOrDigit(c));
	}

	private static String plain(String text) {
		int length = Math.min(text.length(), LONGEST);
		StringBuilder plain = new StringBuilder(length + 1);
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			plain.append(isPlain(c) ? c : '?');
		}
		return ((length < text.length()) ? plain.append('…') : plain).toString();
	}

	/** A word of a program; {@code other} if it is none. */
	static @Nullable String word(@Nullable String text) {
		if (text == null || text.isEmpty()) {
			return null;
		}
		if (text.length() > LONGEST_WORD) {
			return "other";
		}
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			boolean fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
					|| c == '-' || c == '.' || c == ':';
			if (!fits) {
				return "other";
			}
		}
		return SecretMask.mask(text);
	}

}
