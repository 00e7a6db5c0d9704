package dev.llmproxy.observability.log;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes out of a text what looks like a credential. The last line of defence: no secret
 * is logged on purpose. The patterns take time in proportion to the text.
 */
public final class SecretMask {

	/** What stands instead of a credential. */
	public static final String MASK = "[secret]";

	/** The shortest text that may hold one. */
	private static final int SHORTEST = 12;

	/** What vendors begin their keys with, before a hyphen or an underscore. */
	private static final List<String> PREFIXES = List.of("sk", "pk", "rk", "gsk", "xai", "hf", "r8", "csk", "pplx",
			"nvapi", "fw", "ghp", "whsec");

	/** What those end with, as hardly any word before a hyphen does. */
	private static final boolean[] ENDS = new boolean[128];

	static {
		PREFIXES.forEach((prefix) -> ENDS[prefix.charAt(prefix.length() - 1)] = true);
	}

	/**
	 * Keys by their vendors' prefixes, tokens of Google and AWS, JSON Web Tokens, and
	 * what follows the word Bearer.
	 */
	private static final Pattern SECRETS = Pattern.compile("(?<![A-Za-z0-9])(?:" + "(?:" + String.join("|", PREFIXES)
			+ ")[-_][A-Za-z0-9_-]{8,}+" + "|AIza[0-9A-Za-z_-]{20,}+" + "|(?:AKIA|ASIA)[0-9A-Z]{12,}+"
			+ "|ya29\\.[0-9A-Za-z._-]{10,}+" + "|eyJ[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+(?:\\.[A-Za-z0-9_-]*+)?+"
			+ "|[Bb]earer [A-Za-z0-9._~+/=-]{8,}+" + ")");

	private SecretMask() {
	}

	/**
	 * The text without what looks like a credential; the same one where there is none.
	 */
	public static String mask(String text) {
		return mayHoldOne(text) ? SECRETS.matcher(text).replaceAll(MASK) : text;
	}

	/**
	 * Looks for how each of the patterns begins. It takes a thirtieth of the time of the
	 * patterns, and hardly any text passes.
	 */
	private static boolean mayHoldOne(String text) {
		if (text.length() < SHORTEST) {
			return false;
		}
		for (int i = 1; i < text.length(); i++) {
			boolean begins = switch (text.charAt(i)) {
				case '-', '_' -> endsPrefix(text, i);
				case 'I' -> text.startsWith("AIza", i - 1);
				case 'K', 'S' -> text.startsWith("IA", i + 1) && text.charAt(i - 1) == 'A';
				case 'a' -> text.startsWith("ya29", i - 1);
				case 'J' -> text.startsWith("ey", i - 2);
				case 'r' -> text.startsWith("earer ", i - 2);
				default -> false;
			};
			if (begins) {
				return true;
			}
		}
		return false;
	}

	private static boolean endsPrefix(String text, int end) {
		char last = text.charAt(end - 1);
		if (last >= ENDS.length || !ENDS[last]) {
			return false;
		}
		for (String prefix : PREFIXES) {
			int from = end - prefix.length();
			if (text.startsWith(prefix, from) && (from == 0 || !isWord(text.charAt(from - 1)))) {
				return true;
			}
		}
		return false;
	}

	private static boolean isWord(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	}

}
