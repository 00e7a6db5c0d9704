package dev.llmproxy.dialect.gemini;

import java.util.Locale;

import dev.llmproxy.chat.ReasoningConfig;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code thinkingConfig}. Gemini 3 and later are steered by {@code thinkingLevel}, which
 * 2.5 refuses; 2.5 by {@code thinkingBudget}. Efforts become budgets, and budgets are
 * kept in the model's range, by the tables of the
 * <a href="https://ai.google.dev/gemini-api/docs/thinking">thinking guide</a> and of the
 * <a href="https://ai.google.dev/gemini-api/docs/openai">OpenAI compatibility</a> page.
 */
final class GeminiThinking {

	private static final String UNSPECIFIED = "THINKING_LEVEL_UNSPECIFIED";

	private static final int DYNAMIC = -1;

	private static final int PRO_LEAST = 128;

	private static final int PRO_MOST = 32_768;

	private static final int LITE_LEAST = 512;

	private static final int FLASH_MOST = 24_576;

	private GeminiThinking() {
	}

	static @Nullable ReasoningConfig decode(JsonNode config, String path, GeminiLeftovers rest) {
		Wishes wishes = new Wishes();
		GeminiJson.members(config, path, (name, value) -> {
			String at = GeminiJson.join(path, name);
			switch (name) {
				case "thinkingBudget" -> wishes.budget = GeminiJson.integer(value, at);
				case "thinkingLevel" -> wishes.level = GeminiJson.text(value, at).toUpperCase(Locale.ROOT);
				case "includeThoughts" -> wishes.shown = GeminiJson.bool(value, at);
				default -> rest.add(at, value);
			}
		});
		String effort = (wishes.level == null || UNSPECIFIED.equals(wishes.level)) ? null
				: wishes.level.toLowerCase(Locale.ROOT);
		return (effort == null && wishes.budget == null && !wishes.shown) ? null
				: new ReasoningConfig(null, effort, wishes.budget, wishes.shown ? "auto" : null);
	}

	static @Nullable ObjectNode encode(ReasoningConfig wanted, GeminiModel model, GeminiDropped dropped) {
		if (!model.thinks()) {
			dropped.addIf(!wanted.disabled(), "reasoning");
			return null;
		}
		ObjectNode config = GeminiJson.object();
		if (model.third()) {
			String level = level(wanted, model);
			if (level != null) {
				config.put("thinkingLevel", level);
			}
		}
		else {
			Integer budget = budget(wanted, model);
			if (budget != null) {
				config.put("thinkingBudget", budget);
			}
		}
		// The least there is takes the place of none.
		dropped.addIf(wanted.disabled() && model.gemini() && model.pro(), "reasoning.enabled");
		if (wanted.summary() != null && !"none".equals(wanted.summary())) {
			config.put("includeThoughts", true);
		}
		return config.isEmpty() ? null : config;
	}

	private static @Nullable String level(ReasoningConfig wanted, GeminiModel model) {
		if (wanted.disabled()) {
			return model.pro() ? "LOW" : "MINIMAL";
		}
		boolean budget = wanted.budgetTokens() != null && wanted.budgetTokens() > 0;
		if (wanted.effort() == null && !budget) {
			return null;
		}
		return switch (wanted.effortOrDerived()) {
			case "minimal" -> model.pro() ? "LOW" : "MINIMAL";
			case "low" -> "LOW";
			// 3 Pro knows low and high only.
			case "medium" -> (model.pro() && model.version() == GeminiModel.THIRD) ? "HIGH" : "MEDIUM";
			default -> "HIGH";
		};
	}

	private static @Nullable Integer budget(ReasoningConfig wanted, GeminiModel model) {
		if (wanted.disabled()) {
			return (model.gemini() && model.pro()) ? PRO_LEAST : 0;
		}
		if (wanted.budgetTokens() != null) {
			return inRange(wanted.budgetTokens(), model);
		}
		if (wanted.effort() != null) {
			return inRange(switch (wanted.effort()) {
				case "minimal", "low" -> 1024;
				case "medium" -> 8192;
				default -> FLASH_MOST;
			}, model);
		}
		return Boolean.TRUE.equals(wanted.enabled()) ? DYNAMIC : null;
	}

	private static int inRange(int budget, GeminiModel model) {
		if (budget < 0) {
			return DYNAMIC;
		}
		if (!model.gemini()) {
			return budget;
		}
		if (model.pro()) {
			return Math.min(Math.max(budget, PRO_LEAST), PRO_MOST);
		}
		return Math.min(model.lite() ? Math.max(budget, LITE_LEAST) : budget, FLASH_MOST);
	}

	/** What the members say, while they are read. */
	private static final class Wishes {

		private @Nullable Integer budget;

		private @Nullable String level;

		private boolean shown;

	}

}
