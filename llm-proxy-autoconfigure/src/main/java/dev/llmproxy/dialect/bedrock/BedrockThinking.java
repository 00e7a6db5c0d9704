package dev.llmproxy.dialect.bedrock;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ReasoningConfig;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * How much the model is told to think. Converse has no common word for it: Claude wants
 * {@code thinking}, Nova 2 {@code reasoningConfig} and OpenAI's open weights
 * {@code reasoning_effort} among the additional fields; see the user guides of Bedrock
 * and Nova.
 *
 * @param field the additional field's name
 * @param value its value; {@code null} says nothing
 * @param effort Claude's {@code output_config.effort}
 * @param exclusive whether Nova refuses any bound of its answer and all sampling
 */
record BedrockThinking(String field, @Nullable JsonNode value, @Nullable String effort, boolean exclusive) {

	/** What a share of the answer's limit is taken of, where there is none. */
	private static final int ASSUMED_MAX_TOKENS = 16_384;

	/** The least that Claude takes as a budget. */
	private static final int LEAST_BUDGET = 1024;

	private static final String REASONING = "reasoning";

	private static final String THINKING = "thinking";

	private static final BedrockThinking QUIET = new BedrockThinking("", null, null, false);

	/** Whether Claude thinks by order, which forbids a few other things. */
	boolean on() {
		return this.field.equals(THINKING)
				&& !(this.value != null && "disabled".equals(this.value.path("type").stringValue(null)));
	}

	/**
	 * Decides it for a request.
	 * @param thoughtless whether the turn that goes on does not start with its thoughts,
	 * which Claude demands where they have a budget
	 * @param dropped takes the names of what can't be had
	 */
	static BedrockThinking of(ChatRequest request, BedrockModel model, boolean thoughtless, List<String> dropped) {
		ReasoningConfig wish = request.reasoning();
		if (wish == null) {
			return QUIET;
		}
		if (model.isClaude()) {
			return wish.disabled() ? claudeDisabled(model, dropped)
					: claude(request, wish, model, thoughtless, dropped);
		}
		if (model.isNova2()) {
			return wish.disabled() ? QUIET : nova(request, wish, dropped);
		}
		if (model.isOpenAi()) {
			return openAi(wish, dropped);
		}
		if (!wish.disabled() || !model.isNova()) {
			dropped.add(REASONING);
		}
		return QUIET;
	}

	private static BedrockThinking claudeDisabled(BedrockModel model, List<String> dropped) {
		if (model.alwaysThinks()) {
			dropped.add(REASONING + " (the model always thinks)");
			return new BedrockThinking("", null, "low", false);
		}
		return model.thinksByDefault() ? thinking(BedrockJson.object().put("type", "disabled"), null) : QUIET;
	}

	private static BedrockThinking claude(ChatRequest request, ReasoningConfig wish, BedrockModel model,
			boolean thoughtless, List<String> dropped) {
		if (!model.claudeThinks()) {
			dropped.add(REASONING);
			return QUIET;
		}
		boolean counted = wish.budgetTokens() != null && wish.budgetTokens() > 0;
		// Where the model has both forms, a caller that counts tokens gets the budget.
		if (model.adaptive() && !(counted && model.budgets())) {
			String wished = (wish.effort() != null || counted) ? wish.effortOrDerived() : null;
			return thinking(BedrockJson.object().put("type", "adaptive"),
					(wished != null && model.effort()) ? model.effort(wished) : null);
		}
		if (thoughtless) {
			dropped.add(REASONING + " (the turn that goes on lacks its thoughts)");
			return QUIET;
		}
		return budget(request, wish, counted, dropped);
	}

	/** The budget has to stay below the limit of the answer, which includes it. */
	private static BedrockThinking budget(ChatRequest request, ReasoningConfig wish, boolean counted,
			List<String> dropped) {
		Integer limit = request.maxTokens();
		int budget = Math.max(LEAST_BUDGET, wish.budgetTokensOr((limit != null) ? limit : ASSUMED_MAX_TOKENS));
		if (limit != null) {
			budget = Math.min(budget, Math.max(LEAST_BUDGET, (int) (limit * 0.8)));
			if (budget >= limit) {
				dropped.add(REASONING + " (max_tokens leaves no room for it)");
				return QUIET;
			}
		}
		if (counted && wish.budgetTokens() != null && budget < wish.budgetTokens()) {
			dropped.add(REASONING + ".budget_tokens (lowered to " + budget + ")");
		}
		return thinking(BedrockJson.object().put("type", "enabled").put("budget_tokens", budget), null);
	}

	private static BedrockThinking thinking(ObjectNode value, @Nullable String effort) {
		return new BedrockThinking(THINKING, value, effort, false);
	}

	/** At its highest level the model refuses a limit, so a limit lowers the level. */
	private static BedrockThinking nova(ChatRequest request, ReasoningConfig wish, List<String> dropped) {
		String effort = level(wish);
		if (effort.equals("high") && request.maxTokens() != null) {
			effort = "medium";
			dropped.add(REASONING + ".effort (lowered to medium: the highest excludes max_tokens)");
		}
		ObjectNode value = BedrockJson.object().put("type", "enabled").put("maxReasoningEffort", effort);
		return new BedrockThinking("reasoningConfig", value, null, effort.equals("high"));
	}

	private static BedrockThinking openAi(ReasoningConfig wish, List<String> dropped) {
		if (wish.disabled()) {
			dropped.add(REASONING + " (the model always thinks)");
		}
		return new BedrockThinking("reasoning_effort", StringNode.valueOf(wish.disabled() ? "low" : level(wish)), null,
				false);
	}

	/** One of three levels. */
	private static String level(ReasoningConfig wish) {
		return switch (wish.effortOrDerived()) {
			case "minimal", "low" -> "low";
			case "high", "xhigh", "max" -> "high";
			default -> "medium";
		};
	}

	/** Writes what belongs to the additional fields. */
	void encode(ObjectNode additional) {
		if (this.value != null) {
			additional.set(this.field, this.value);
		}
		if (this.effort != null) {
			additional.putObject("output_config").put("effort", this.effort);
		}
	}

}
