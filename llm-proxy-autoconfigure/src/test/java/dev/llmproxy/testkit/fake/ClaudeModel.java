package dev.llmproxy.testkit.fake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Claude model allows, by its version. Names that tell no version count as 4.5,
 * which has the fewest restrictions.
 *
 * @param version major and minor version as one number, 45 for 4.5
 */
record ClaudeModel(int version) {

	private static final Pattern NEW_NAME = Pattern.compile("claude-[a-z]+-(\\d)(?:-(\\d)(?!\\d))?");

	private static final Pattern OLD_NAME = Pattern.compile("claude-(\\d)(?:-(\\d)(?!\\d))?-[a-z]+");

	static ClaudeModel of(String name) {
		for (Pattern pattern : new Pattern[] { NEW_NAME, OLD_NAME }) {
			Matcher matcher = pattern.matcher(name);
			if (matcher.find()) {
				int minor = (matcher.group(2) == null) ? 0 : Integer.parseInt(matcher.group(2));
				return new ClaudeModel(Integer.parseInt(matcher.group(1)) * 10 + minor);
			}
		}
		return new ClaudeModel(45);
	}

	/** Whether temperature, top_p and top_k are gone, and thinking with a budget. */
	boolean isAdaptiveOnly() {
		return this.version >= 47;
	}

	boolean knowsAdaptiveThinking() {
		return this.version >= 46;
	}

	boolean thinksByDefault() {
		return this.version >= 50;
	}

	boolean allowsPrefill() {
		return this.version < 46;
	}

	boolean allowsTemperatureWithTopP() {
		return this.version < 41;
	}

	boolean allowsSystemMessages() {
		return this.version >= 48;
	}

}
