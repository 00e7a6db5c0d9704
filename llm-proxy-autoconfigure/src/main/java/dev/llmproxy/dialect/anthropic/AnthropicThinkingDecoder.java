package dev.llmproxy.dialect.anthropic;

import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ReasoningConfig;
import org.jspecify.annotations.Nullable;

/** Reads {@code thinking} and {@code output_config.effort}. */
final class AnthropicThinkingDecoder {

	/** Leaves the amount to the model. */
	static final int ADAPTIVE = -1;

	private AnthropicThinkingDecoder() {
	}

	static @Nullable ReasoningConfig decode(RequestNode thinking, @Nullable String effort,
			Map<String, @Nullable Object> rest) {
		if (!thinking.present()) {
			return (effort != null) ? ReasoningConfig.effort(effort) : null;
		}
		String type = thinking.object().get("type").string();
		switch (type) {
			case "disabled", "between_tools" -> {
				thinking.keepOthers(Set.of("type"), rest);
				return new ReasoningConfig(false, effort, null, null);
			}
			case "enabled" -> {
				Integer budget = thinking.get("budget_tokens").integerOrNull(1);
				if (budget == null) {
					throw thinking.get("budget_tokens").invalid("must be a whole number of at least 1");
				}
				return new ReasoningConfig(true, effort, budget, summary(thinking, rest));
			}
			case "adaptive" -> {
				return new ReasoningConfig(true, effort, ADAPTIVE, summary(thinking, rest));
			}
			default -> {
				// A later one; only Anthropic knows what it means.
				thinking.keep(rest);
				return (effort != null) ? ReasoningConfig.effort(effort) : null;
			}
		}
	}

	/**
	 * Thoughts are shown unless the caller wants them omitted, as they were before there
	 * was a choice.
	 */
	private static @Nullable String summary(RequestNode thinking, Map<String, @Nullable Object> rest) {
		String display = thinking.get("display").stringOrNull();
		boolean shown = display == null || display.equals("summarized");
		thinking.keepOthers(shown ? Set.of("type", "budget_tokens", "display") : Set.of("type", "budget_tokens"), rest);
		return shown ? "auto" : null;
	}

}
