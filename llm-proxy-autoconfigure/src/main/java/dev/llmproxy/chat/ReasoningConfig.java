package dev.llmproxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * How much the model shall think, in whichever unit the caller used.
 *
 * @param enabled {@code false} asks for no thinking at all, {@code true} for thinking
 * with no further wish, {@code null} says nothing
 * @param effort {@code minimal}, {@code low}, {@code medium}, {@code high} …
 * @param budgetTokens upper bound of thinking tokens; −1 lets the model choose
 * @param summary whether and how thoughts shall be shown ({@code auto}, {@code concise},
 * {@code detailed}); {@code null} leaves it to the provider
 */
public record ReasoningConfig(@Nullable Boolean enabled, @Nullable String effort, @Nullable Integer budgetTokens,
		@Nullable String summary) {

	public static ReasoningConfig effort(String effort) {
		return new ReasoningConfig(null, effort, null, null);
	}

	public boolean disabled() {
		return Boolean.FALSE.equals(this.enabled) || "none".equals(this.effort)
				|| (this.budgetTokens != null && this.budgetTokens == 0);
	}

	/**
	 * The budget in tokens: as asked, or derived from the effort as a share of the
	 * answer's limit in the way OpenRouter documents it (high 80 %, medium 50 %, low 20
	 * %, minimal 10 %), never under 1024, which is the least Anthropic takes.
	 */
	public int budgetTokensOr(int maxTokens) {
		if (this.budgetTokens != null && this.budgetTokens > 0) {
			return this.budgetTokens;
		}
		double share = switch ((this.effort != null) ? this.effort : "medium") {
			case "minimal" -> 0.1;
			case "low" -> 0.2;
			case "high" -> 0.8;
			case "xhigh", "max" -> 0.95;
			default -> 0.5;
		};
		return Math.max(1024, (int) (maxTokens * share));
	}

	/** The effort: as asked, or the nearest one to the budget. */
	public String effortOrDerived() {
		if (this.effort != null) {
			return this.effort;
		}
		if (this.budgetTokens == null || this.budgetTokens < 0) {
			return "medium";
		}
		if (this.budgetTokens <= 2048) {
			return "low";
		}
		return (this.budgetTokens <= 12288) ? "medium" : "high";
	}

}
