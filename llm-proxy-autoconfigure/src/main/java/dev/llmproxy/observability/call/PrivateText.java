package dev.llmproxy.observability.call;

import java.util.List;

import com.google.re2j.Pattern;

/**
 * Masks what looks like a secret, an e-mail address or a long number. It finds what has
 * the form of one, and nothing that has not: names and street addresses stay. Takes time
 * in proportion to the text, whatever is in it. Thread-safe.
 */
public final class PrivateText {

	/** In this order: what is masked is not looked at again. */
	private static final List<Mask> MASKS = List.of(
			Mask.of("[secret]", "-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?"),
			// JSON Web Tokens.
			Mask.of("[secret]", "\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]*)?"),
			// Keys that say whose they are.
			Mask.of("[secret]",
					"\\b(?:sk|pk|rk|gh[pousr]|github_pat|glpat|xox[abeprs]|hf|npm|AKIA|ASIA|AIza|ya29)[-_.]?[A-Za-z0-9_./+=-]{12,}"),
			Mask.of("[secret]", "(?i)\\b(?:bearer|basic)\\s+[A-Za-z0-9_./+=~-]{8,}"),
			// What is called one.
			Mask.of("[secret]",
					"(?i)\\b[a-z_-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key)\"?\\s*(?:[:=]|\\bis\\b)\\s*\"?[^\\s\",;]+"),
			Mask.of("[email]", "[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}"),
			// Account numbers (IBAN).
			Mask.of("[number]", "\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\\b"),
			// Hexadecimal and Base64 of 16 bytes and more.
			Mask.of("[secret]", "[A-Za-z0-9_+/=-]{32,}"),
			// Cards, telephones, accounts: seven digits and more, however they are
			// grouped.
			Mask.of("[number]", "\\+?[0-9](?:[ ()./-]{0,2}[0-9]){6,}"));

	/** The first of them: secrets that can be nothing else. */
	private static final List<Mask> SECRETS = MASKS.subList(0, 4);

	private PrivateText() {
	}

	/** The text without these. */
	public static String masked(String text) {
		return masked(text, MASKS);
	}

	/** The text without secrets that say what they are; everything else stays. */
	public static String withoutSecrets(String text) {
		return masked(text, SECRETS);
	}

	private static String masked(String text, List<Mask> masks) {
		String masked = text;
		for (Mask mask : masks) {
			masked = mask.pattern().matcher(masked).replaceAll(mask.replacement());
		}
		return masked;
	}

	private record Mask(String replacement, Pattern pattern) {

		static Mask of(String replacement, String expression) {
			return new Mask(replacement, Pattern.compile(expression));
		}

	}

}
