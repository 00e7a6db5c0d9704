package dev.llmproxy.dialect.anthropic;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What a generation of Claude takes, by the model's name. Anthropic removes parameters
 * from generation to generation and answers them with 400; see the migration guide of
 * each model and the pages on thinking and effort. A name that isn't Claude's, such as a
 * vendor's that offers the same dialect, gets what the dialect has had from the start.
 *
 * @param family {@code opus}, {@code sonnet} …; empty where unknown
 * @param version major and minor as 100 × major + minor; 0 where unknown
 */
record AnthropicModel(String family, int version) {

	private static final AnthropicModel UNKNOWN = new AnthropicModel("", 0);

	/** {@code claude-opus-4-1-20250805}: a date isn't a minor version. */
	private static final Pattern FAMILY_FIRST = Pattern
		.compile("claude-([a-z]+)-(?:preview|(\\d{1,2})(?:[-.](\\d{1,2}))?)(?!\\d).*");

	/** {@code claude-3-7-sonnet-20250219}, {@code claude-2.1}. */
	private static final Pattern VERSION_FIRST = Pattern
		.compile("claude-(\\d{1,2})(?:[-.](\\d{1,2}))?(?!\\d)(?:-([a-z]+))?.*");

	/** Also with the prefixes of Bedrock, Vertex AI and aggregators. */
	static AnthropicModel of(String model) {
		int start = model.toLowerCase(Locale.ROOT).lastIndexOf("claude-");
		if (start < 0) {
			return UNKNOWN;
		}
		String name = model.substring(start).toLowerCase(Locale.ROOT);
		Matcher matcher = FAMILY_FIRST.matcher(name);
		if (matcher.matches()) {
			// The previews were of the fifth generation.
			String major = matcher.group(2);
			return new AnthropicModel(matcher.group(1),
					(major != null) ? version(major, matcher.group(3)) : version("5", null));
		}
		matcher = VERSION_FIRST.matcher(name);
		if (matcher.matches()) {
			String family = matcher.group(3);
			return new AnthropicModel((family != null) ? family : "", version(matcher.group(1), matcher.group(2)));
		}
		return UNKNOWN;
	}

	private static int version(String major, @Nullable String minor) {
		return Integer.parseInt(major) * 100 + ((minor != null) ? Integer.parseInt(minor) : 0);
	}

	private boolean known() {
		return this.version > 0;
	}

	private boolean since(int version) {
		return this.version >= version;
	}

	private boolean isMythos() {
		return this.family.equals("fable") || this.family.equals("mythos");
	}

	private boolean isHaiku() {
		return this.family.equals("haiku");
	}

	/** Whether {@code thinking} of any kind is understood. */
	boolean thinks() {
		return !known() || since(307);
	}

	/** Whether {@code thinking.type} may be {@code adaptive}. */
	boolean adaptive() {
		return since(406);
	}

	/** Whether {@code thinking.type} may be {@code enabled}, with a budget. */
	boolean budgets() {
		return thinks() && !since(407);
	}

	/** Whether it thinks unless told otherwise. */
	boolean thinksByDefault() {
		return since(500);
	}

	/** Whether it can't be told not to think. */
	boolean alwaysThinks() {
		return isMythos() || (this.family.equals("opus") && since(505));
	}

	/** Whether {@code between_tools} is the least it thinks. */
	boolean thinksBetweenTools() {
		return this.family.equals("sonnet") && since(505);
	}

	/** Whether thoughts come without their text unless asked for. */
	boolean hidesThoughts() {
		return since(407);
	}

	boolean effort() {
		return since(406) || (this.family.equals("opus") && since(405));
	}

	/** The level that is nearest to a wished one and that the model has. */
	String effort(String wish) {
		return switch (wish) {
			case "minimal" -> "low";
			case "xhigh" -> since(407) ? wish : "high";
			case "max" -> since(406) ? wish : "high";
			default -> wish;
		};
	}

	/** Whether {@code temperature}, {@code top_p} and {@code top_k} are allowed. */
	boolean sampling() {
		return !since(407);
	}

	/** Whether {@code temperature} excludes {@code top_p}. */
	boolean samplesByOne() {
		return since(401);
	}

	/** Whether {@code tool_choice} may force a call. */
	boolean forcedTools() {
		if (isMythos()) {
			return !since(501);
		}
		return isHaiku() || !since(505);
	}

	/** Whether the conversation may end with the beginning of the answer. */
	boolean prefill() {
		return !since(406);
	}

	/** Whether answers and tool calls can be held to a schema. */
	boolean structured() {
		return !known() || since(405);
	}

}
