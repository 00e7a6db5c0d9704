package dev.llmproxy.observability.log;

import java.util.ArrayList;
import java.util.List;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Takes out of a text what is nobody's business: credentials, addresses of mail, numbers
 * like those of cards and accounts, and what an operator says beside these. It goes by
 * patterns, so it is a help and no warranty. Takes time in proportion to the text.
 */
public final class Redaction {

	/** Leaves everything as it is. */
	public static final Redaction NONE = new Redaction(List.of());

	private static final Rule EMAIL = new Rule(
			Pattern.compile("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63})+"), "[email]");

	private static final Rule NUMBER = new Rule(Pattern.compile("\\b[0-9](?:[ -]?[0-9]){11,18}\\b"), "[number]");

	private static final Rule IBAN = new Rule(
			Pattern.compile("\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7} ?[A-Z0-9]{1,4}\\b"), "[number]");

	private final List<Rule> rules;

	private Redaction(List<Rule> rules) {
		this.rules = List.copyOf(rules);
	}

	/**
	 * The usual patterns, and others.
	 * @param more in the syntax of RE2
	 * @throws IllegalArgumentException if one is none
	 */
	public static Redaction of(List<String> more) {
		List<Rule> rules = new ArrayList<>(List.of(EMAIL, IBAN, NUMBER));
		for (String pattern : more) {
			try {
				rules.add(new Rule(Pattern.compile(pattern), "[redacted]"));
			}
			catch (PatternSyntaxException ex) {
				throw new IllegalArgumentException("'" + pattern + "' is no pattern: " + ex.getDescription(), ex);
			}
		}
		return new Redaction(rules);
	}

	String apply(String text) {
		if (this.rules.isEmpty()) {
			return text;
		}
		String redacted = SecretMask.mask(text);
		for (Rule rule : this.rules) {
			redacted = rule.pattern().matcher(redacted).replaceAll(rule.replacement());
		}
		return redacted;
	}

	private record Rule(Pattern pattern, String replacement) {
	}

}
