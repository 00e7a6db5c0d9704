package dev.llmproxy.observability.log;

import java.util.ArrayList;
import java.util.List;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.llmproxy.observability.call.PrivateText;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a text what is nobody's business: credentials, addresses of mail, numbers
 * like those of cards and accounts, and what an operator says beside these. It goes by
 * patterns, so it is a help and no warranty. Takes time in proportion to the text.
 */
public final class Redaction {

	/** Leaves everything as it is. */
	public static final Redaction NONE = new Redaction(null);

	private final @Nullable List<Pattern> more;

	private Redaction(@Nullable List<Pattern> more) {
		this.more = more;
	}

	/**
	 * The usual patterns, and others.
	 * @param more in the syntax of RE2
	 * @throws IllegalArgumentException if one is none
	 */
	public static Redaction of(List<String> more) {
		List<Pattern> patterns = new ArrayList<>();
		for (String pattern : more) {
			try {
				patterns.add(Pattern.compile(pattern));
			}
			catch (PatternSyntaxException ex) {
				throw new IllegalArgumentException("'" + pattern + "' is no pattern: " + ex.getDescription(), ex);
			}
		}
		return new Redaction(patterns);
	}

	String apply(String text) {
		if (this.more == null) {
			return text;
		}
		String redacted = PrivateText.masked(SecretMask.mask(text));
		for (Pattern pattern : this.more) {
			redacted = pattern.matcher(redacted).replaceAll("[redacted]");
		}
		return redacted;
	}

}
