package dev.llmproxy.dialect.bedrock;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a model takes, by its identifier. Converse is one API for models that differ, and
 * answers what a model does not know with 400; see the user guide's tables of supported
 * models and features, and Anthropic's and Amazon's guides to their own. The name of an
 * inference profile may tell nothing: such a model gets everything that is common.
 *
 * @param vendor such as {@code anthropic}; empty where unknown
 * @param name what follows the vendor, without the version's suffix being taken apart
 * @param family of a Claude model {@code opus}, {@code sonnet} …; otherwise empty
 * @param version of a Claude model major and minor as 100 × major + minor; below 300 for
 * its first generations, 0 for other vendors
 */
record BedrockModel(String vendor, String name, String family, int version) {

	private static final String ANTHROPIC = "anthropic";

	private static final String AMAZON = "amazon";

	private static final String MISTRAL = "mistral";

	private static final String OPENAI = "openai";

	private static final Set<String> VENDORS = Set.of(ANTHROPIC, AMAZON, MISTRAL, OPENAI, "meta", "cohere", "ai21",
			"deepseek", "google", "minimax", "moonshot", "moonshotai", "nvidia", "qwen", "writer", "zai");

	/** Vendors of open weights that are held to schemas while they decode. */
	private static final Set<String> STRUCTURED = Set.of(OPENAI, "deepseek", "google", "minimax", "moonshot",
			"moonshotai", "nvidia", "qwen", "zai");

	private static final Set<String> CHOOSES_FREELY = Set.of("meta", "cohere", "ai21", "writer");

	/** Also a region's or the global inference profile, or an ARN. */
	static BedrockModel of(String model) {
		String id = model.toLowerCase(Locale.ROOT);
		id = id.substring(id.lastIndexOf('/') + 1);
		List<String> segments = Arrays.asList(id.split("\\.", -1));
		for (int i = 0; i < segments.size() - 1; i++) {
			if (VENDORS.contains(segments.get(i))) {
				String name = String.join(".", segments.subList(i + 1, segments.size()));
				return of(segments.get(i), name);
			}
		}
		int claude = id.indexOf("claude-");
		return (claude >= 0) ? of(ANTHROPIC, id.substring(claude)) : new BedrockModel("", id, "", 0);
	}

	/** Claude names have the version before or after the family, then a date. */
	private static BedrockModel of(String vendor, String name) {
		if (!vendor.equals(ANTHROPIC)) {
			return new BedrockModel(vendor, name, "", 0);
		}
		String family = "";
		int version = 0;
		int numbers = 0;
		for (String word : name.split("[-.:]")) {
			if (word.matches("\\d{1,2}") && numbers < 2) {
				version += (numbers++ == 0) ? 100 * Integer.parseInt(word) : Integer.parseInt(word);
			}
			else if (numbers > 0 && word.matches("\\d+|v\\d+|latest")) {
				break;
			}
			else if (word.matches("[a-z]+") && !word.equals("claude") && family.isEmpty()) {
				family = word;
			}
		}
		// The preview of the fifth generation has no number.
		return new BedrockModel(vendor, name, family, (version == 0 && isMythos(family)) ? 500 : version);
	}

	private static boolean isMythos(String family) {
		return family.equals("mythos") || family.equals("fable");
	}

	boolean known() {
		return !this.vendor.isEmpty();
	}

	boolean isClaude() {
		return this.vendor.equals(ANTHROPIC);
	}

	boolean isNova() {
		return this.vendor.equals(AMAZON) && this.name.startsWith("nova");
	}

	boolean isNova2() {
		return this.vendor.equals(AMAZON) && this.name.startsWith("nova-2");
	}

	boolean isMistral() {
		return this.vendor.equals(MISTRAL);
	}

	boolean isOpenAi() {
		return this.vendor.equals(OPENAI);
	}

	private boolean claudeSince(int version) {
		return this.version >= version;
	}

	/** Whether a Claude model can be told to think. */
	boolean claudeThinks() {
		return claudeSince(307);
	}

	/** Whether {@code thinking.type} may be {@code adaptive}. */
	boolean adaptive() {
		return claudeSince(406);
	}

	/** Whether {@code thinking.type} may be {@code enabled}, with a budget. */
	boolean budgets() {
		return claudeThinks() && !claudeSince(407);
	}

	/** Whether a Claude model thinks unless told otherwise. */
	boolean thinksByDefault() {
		return claudeSince(500);
	}

	/** Whether a Claude model can't be told not to think. */
	boolean alwaysThinks() {
		return isMythos(this.family)
				|| claudeSince(505) && (this.family.equals("opus") || this.family.equals("sonnet"));
	}

	/** Whether {@code output_config.effort} is understood. */
	boolean effort() {
		return claudeSince(406) || this.family.equals("opus") && claudeSince(405);
	}

	/** The level that is nearest to a wished one and that a Claude model has. */
	String effort(String wish) {
		return switch (wish) {
			case "minimal" -> "low";
			case "xhigh" -> claudeSince(407) ? wish : "high";
			case "max" -> claudeSince(406) ? wish : "high";
			default -> wish;
		};
	}

	/** Whether temperature, top_p and top_k are allowed. */
	boolean sampling() {
		return !claudeSince(407);
	}

	/** Whether a temperature excludes top_p. */
	boolean samplesByOne() {
		return claudeSince(401);
	}

	/** Whether a call of some tool can be forced. */
	boolean forcesTools() {
		if (isClaude()) {
			return isMythos(this.family) ? !claudeSince(501) : this.family.equals("haiku") || !claudeSince(505);
		}
		return !CHOOSES_FREELY.contains(this.vendor) && !this.name.startsWith("r1");
	}

	/** Whether a call of one named tool can be forced. */
	boolean forcesOneTool() {
		return forcesTools() && !isMistral();
	}

	/** Whether it can be told to call one tool at a time. */
	boolean serialTools() {
		return claudeSince(405);
	}

	/** Whether answers and tool calls can be held to a schema. */
	boolean structured() {
		if (isClaude()) {
			return claudeSince(405);
		}
		if (isMistral()) {
			return this.name.startsWith("magistral") || this.name.startsWith("ministral")
					|| this.name.startsWith("voxtral") || this.name.startsWith("devstral")
					|| this.name.startsWith("mistral-large-3");
		}
		return !known() || STRUCTURED.contains(this.vendor) && !this.name.startsWith("r1");
	}

	/** Whether prompts can be cached up to a mark. */
	boolean caches() {
		return !known() || isNova() || claudeSince(307) || this.family.equals("haiku") && claudeSince(305);
	}

	/** Whether tools can be cached too. */
	boolean cachesTools() {
		return caches() && !isNova();
	}

	/** Whether a mark may ask for an hour. */
	boolean cachesForLong() {
		return claudeSince(405);
	}

	/** Whether the results of tools may say that the tool failed. */
	boolean resultStatus() {
		return !known() || isClaude() || isNova();
	}

	/** Whether a turn may hold results of tools and something else. */
	boolean mixedTurns() {
		return !known() || isClaude();
	}

	/** Whether the conversation may end with the beginning of the answer. */
	boolean prefill() {
		return !known() || isClaude() && !claudeSince(406);
	}

}
