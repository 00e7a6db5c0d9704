package dev.llmproxy.dialect.gemini;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's name tells of its abilities. A name such as {@code gemini-flash-latest}
 * has no version and counts as the newest.
 *
 * @param gemini whether it is a Gemini model at all, and not an open model or an endpoint
 * with a number for a name
 * @param version a hundred times the major number plus the minor one: 2.5 is 205
 */
record GeminiModel(boolean gemini, int version, boolean pro, boolean lite) {

	private static final Pattern NAME = Pattern.compile("gemini-(?:(\\d{1,3})(?:\\.(\\d{1,2}))?(?!\\d))?");

	private static final int NEWEST = Integer.MAX_VALUE;

	/** 3 Pro, of a generation whose later members know more. */
	static final int THIRD = 300;

	private static final int FIRST_TO_THINK = 205;

	static GeminiModel of(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		Matcher matcher = NAME.matcher(lower);
		boolean gemini = matcher.find();
		int version = 0;
		if (gemini) {
			String minor = matcher.group(2);
			version = (matcher.group(1) == null) ? NEWEST
					: Integer.parseInt(matcher.group(1)) * 100 + ((minor != null) ? Integer.parseInt(minor) : 0);
		}
		return new GeminiModel(gemini, version, lower.contains("-pro"), lower.contains("-lite"));
	}

	/**
	 * Gemini 3 and later: thinks by level, demands signatures of function calls, and
	 * takes media in function responses.
	 */
	boolean third() {
		return this.gemini && this.version >= THIRD;
	}

	/** Before 2.5 none could. */
	boolean thinks() {
		return !this.gemini || this.version >= FIRST_TO_THINK;
	}

}
