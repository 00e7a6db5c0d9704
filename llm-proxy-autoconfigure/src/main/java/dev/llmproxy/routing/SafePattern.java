package dev.llmproxy.routing;

import java.util.regex.MatchResult;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression whose cost is bounded, because callers choose what it is matched
 * with: RE2 matches in linear time, the program is small and so is what is looked at.
 * There are no back references and no looking around. Thread-safe.
 */
final class SafePattern {

	/** Longer values don't match: looking at a part of them could tell a lie. */
	static final int LONGEST_VALUE = 2048;

	private static final int LONGEST_PATTERN = 500;

	private static final int LARGEST_PROGRAM = 2000;

	private static final long MOST_REPETITIONS = 1000;

	private static final java.util.regex.Pattern COUNT = java.util.regex.Pattern
		.compile("\\{(\\d{1,4})(?:,(\\d{0,4}))?}");

	private final Pattern pattern;

	private SafePattern(Pattern pattern) {
		this.pattern = pattern;
	}

	/**
	 * Compiles one.
	 * @throws IllegalArgumentException if it is none, or too large
	 */
	static SafePattern compile(String regex) {
		if (regex.length() > LONGEST_PATTERN || repetitions(regex) > MOST_REPETITIONS) {
			throw tooLarge(regex);
		}
		try {
			Pattern pattern = Pattern.compile(regex);
			if (pattern.programSize() > LARGEST_PROGRAM) {
				throw tooLarge(regex);
			}
			return new SafePattern(pattern);
		}
		catch (PatternSyntaxException ex) {
			throw new IllegalArgumentException(
					"'" + regex + "' is no regular expression of RE2: " + ex.getDescription());
		}
	}

	/** At most, as if all counts were nested: they are unrolled when compiled. */
	private static long repetitions(String regex) {
		long product = 1;
		for (MatchResult count : COUNT.matcher(regex).results().toList()) {
			String most = count.group(2);
			long times = Long.parseLong((most != null && !most.isEmpty()) ? most : count.group(1));
			product = Math.min(MOST_REPETITIONS + 1, product * Math.max(1, times));
		}
		return product;
	}

	private static IllegalArgumentException tooLarge(String regex) {
		return new IllegalArgumentException(
				"the regular expression '" + ((regex.length() > 60) ? regex.substring(0, 60) + "…" : regex)
						+ "' is too large to be matched with every request");
	}

	/** Whether some part of a value matches; {@code false} where there is no value. */
	boolean isFoundIn(@Nullable Object value) {
		if (value == null) {
			return false;
		}
		String text = value.toString();
		return text.length() <= LONGEST_VALUE && this.pattern.matcher(text).find();
	}

}
