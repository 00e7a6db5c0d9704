package dev.llmproxy.dialect.openai;

import java.util.Set;

import dev.llmproxy.chat.ReasoningConfig;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How much to think: OpenAI's {@code reasoning_effort}, OpenRouter's {@code reasoning}
 * object, and the {@code thinking} object that DeepSeek, GLM and LiteLLM take.
 */
final class OpenAiReasoningConfig {

	private static final String SHOWN = "auto";

	private OpenAiReasoningConfig() {
	}

	static @Nullable ReasoningConfig decode(Place root, RestFields rest) {
		String effort = root.at("reasoning_effort").stringOrNull();
		Boolean enabled = null;
		Integer budget = null;
		String summary = null;
		Place reasoning = root.at("reasoning");
		if (!reasoning.absent()) {
			reasoning.object();
			effort = (effort != null) ? effort : reasoning.at("effort").stringOrNull();
			budget = reasoning.at("max_tokens").integerOrNull();
			summary = reasoning.at("summary").stringOrNull();
			enabled = reasoning.at("enabled").booleanOrNull();
			if (enabled != null) {
				// OpenRouter documents it as medium effort, and none.
				String meant = enabled ? ((budget != null) ? null : "medium") : "none";
				effort = (effort != null) ? effort : meant;
				enabled = null;
			}
			rest.addOthers(reasoning, Set.of("effort", "max_tokens", "summary", "enabled"));
		}
		Place thinking = root.at("thinking");
		if (!thinking.absent()) {
			String type = thinking.object().at("type").string();
			enabled = !type.equals("disabled");
			Integer tokens = thinking.at("budget_tokens").integerOrNull();
			budget = (tokens != null) ? tokens : budget;
			rest.addOthers(thinking, Set.of("type", "budget_tokens"));
		}
		boolean silent = effort == null && enabled == null && budget == null && summary == null;
		if (summary == null && !"none".equals(effort) && !Boolean.FALSE.equals(enabled)) {
			// This dialect has no word for it: its vendors show thoughts where they have
			// them.
			summary = SHOWN;
		}
		return silent ? null : new ReasoningConfig(enabled, effort, budget, summary);
	}

	/**
	 * Writes what OpenAI's own API has a word for.
	 * @return whether all was said
	 */
	static boolean encode(ReasoningConfig config, ObjectNode body) {
		if (config.effort() != null) {
			// Above OpenAI's scale.
			body.put("reasoning_effort", config.effort().equals("max") ? "xhigh" : config.effort());
			return true;
		}
		if (config.disabled()) {
			// Its word is "none", which most models refuse with an error.
			return false;
		}
		body.put("reasoning_effort", config.effortOrDerived());
		return true;
	}

	/** Writes it in the extension that the caller used. */
	static void encodeOwn(ReasoningConfig config, ObjectNode body) {
		if (config.enabled() != null) {
			ObjectNode thinking = body.putObject("thinking");
			thinking.put("type", config.enabled() ? "enabled" : "disabled");
			if (config.budgetTokens() != null) {
				thinking.put("budget_tokens", config.budgetTokens());
			}
			if (config.effort() != null) {
				body.put("reasoning_effort", config.effort());
			}
		}
		else if (config.budgetTokens() != null || (config.summary() != null && !config.summary().equals(SHOWN))) {
			ObjectNode reasoning = body.putObject("reasoning");
			if (config.effort() != null) {
				reasoning.put("effort", config.effort());
			}
			if (config.budgetTokens() != null) {
				reasoning.put("max_tokens", config.budgetTokens());
			}
			if (config.summary() != null && !config.summary().equals(SHOWN)) {
				reasoning.put("summary", config.summary());
			}
		}
		else if (config.effort() != null) {
			body.put("reasoning_effort", config.effort());
		}
	}

}
