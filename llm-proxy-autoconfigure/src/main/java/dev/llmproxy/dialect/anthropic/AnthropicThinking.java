package dev.llmproxy.dialect.anthropic;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ReasoningConfig;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How much the model is told to think, and what follows for the limit of tokens, which
 * thoughts count towards. See the API's pages on thinking and on effort.
 *
 * @param config the member {@code thinking}; {@code null} says nothing
 * @param effort {@code output_config.effort}
 * @param maxTokens what {@code max_tokens} has to be
 */
record AnthropicThinking(@Nullable ObjectNode config, @Nullable String effort, int maxTokens) {

	/** The limit of an answer where the caller gave none, as the API demands one. */
	static final int DEFAULT_MAX_TOKENS = 4096;

	/** The same where thoughts take their share; every model that thinks allows it. */
	static final int DEFAULT_THINKING_MAX_TOKENS = 16_384;

	/** The least the API takes. */
	private static final int LEAST_BUDGET = 1024;

	private static final String REASONING = "reasoning";

	/** Whether the model is told to think, which forbids a few other things. */
	boolean on() {
		return this.config != null && !this.config.path("type").stringValue("").equals("disabled");
	}

	private boolean manual() {
		return this.config != null && this.config.has("budget_tokens");
	}

	/**
	 * Decides it for a request.
	 * @param home whether the caller speaks this dialect, and so means what it says
	 * @param thoughtless whether the turn that goes on does not start with its thoughts,
	 * which the API demands where thoughts have a budget
	 * @param dropped takes the names of what can't be had
	 */
	static AnthropicThinking of(ChatRequest request, AnthropicModel model, boolean home, boolean thoughtless,
			List<String> dropped) {
		ReasoningConfig wish = request.reasoning();
		if (wish == null || (home && wish.enabled() == null)) {
			return quiet(request, model, (wish != null) ? wish.effort() : null);
		}
		if (wish.disabled()) {
			return disabled(request, wish, model, home, dropped);
		}
		if (!model.thinks()) {
			dropped.add(REASONING);
			return quiet(request, model, null);
		}
		AnthropicThinking thinking = isAdaptive(wish, model) ? adaptive(request, wish, model, home)
				: manual(request, wish, model, home, dropped);
		if (thinking == null) {
			dropped.add(REASONING + " (max_tokens leaves no room for it)");
			return quiet(request, model, null);
		}
		if (thinking.manual() && thoughtless) {
			dropped.add(REASONING + " (the turn that goes on lacks its thoughts)");
			return quiet(request, model, null);
		}
		return thinking;
	}

	/** Says nothing, so that the model does what it does by default. */
	private static AnthropicThinking quiet(ChatRequest request, AnthropicModel model, @Nullable String effort) {
		return new AnthropicThinking(null, effort, limit(request, model.thinksByDefault()));
	}

	private static int limit(ChatRequest request, boolean thinks) {
		Integer given = request.maxTokens();
		if (given != null) {
			return given;
		}
		return thinks ? DEFAULT_THINKING_MAX_TOKENS : DEFAULT_MAX_TOKENS;
	}

	private static AnthropicThinking disabled(ChatRequest request, ReasoningConfig wish, AnthropicModel model,
			boolean home, List<String> dropped) {
		String effort = (home && wish.effort() != null && !wish.effort().equals("none")) ? wish.effort() : null;
		if (model.alwaysThinks()) {
			dropped.add(REASONING + " (the model always thinks)");
			return new AnthropicThinking(null, (effort != null) ? effort : "low", limit(request, true));
		}
		// Neither form goes with the two highest levels.
		effort = (effort != null && (effort.equals("xhigh") || effort.equals("max"))) ? "high" : effort;
		if (model.thinksBetweenTools()) {
			return new AnthropicThinking(AnthropicJson.object("between_tools"), effort, limit(request, true));
		}
		boolean silent = !home && model.version() > 0 && !model.thinksByDefault();
		return new AnthropicThinking(silent ? null : AnthropicJson.object("disabled"), effort, limit(request, false));
	}

	/** Where the model has both forms, a caller that counts tokens gets the budget. */
	private static boolean isAdaptive(ReasoningConfig wish, AnthropicModel model) {
		boolean counted = wish.budgetTokens() != null && wish.budgetTokens() > 0;
		if (model.adaptive()) {
			return !(counted && model.budgets());
		}
		// A name that says nothing: believe the caller.
		return model.version() == 0 && wish.budgetTokens() != null
				&& wish.budgetTokens() == AnthropicThinkingDecoder.ADAPTIVE;
	}

	private static AnthropicThinking adaptive(ChatRequest request, ReasoningConfig wish, AnthropicModel model,
			boolean home) {
		String effort = wish.effort();
		if (effort == null && wish.budgetTokens() != null && wish.budgetTokens() > 0) {
			effort = wish.effortOrDerived();
		}
		if (effort != null && !home) {
			effort = model.effort() ? model.effort(effort) : null;
		}
		return new AnthropicThinking(display(AnthropicJson.object("adaptive"), wish, model), effort,
				limit(request, true));
	}

	private static @Nullable AnthropicThinking manual(ChatRequest request, ReasoningConfig wish, AnthropicModel model,
			boolean home, List<String> dropped) {
		Integer limit = request.maxTokens();
		if (limit == null) {
			int budget = Math.max(LEAST_BUDGET, wish.budgetTokensOr(DEFAULT_THINKING_MAX_TOKENS));
			long room = Math.max(DEFAULT_THINKING_MAX_TOKENS, (long) DEFAULT_MAX_TOKENS + budget);
			return manual(budget, (int) Math.min(Integer.MAX_VALUE, room), wish, model, home);
		}
		Integer given = wish.budgetTokens();
		int asked = (given != null) ? given : 0;
		if (home && asked > 0) {
			// Between tool calls it may exceed the limit, which who speaks the dialect
			// knows.
			return manual(asked, limit, wish, model, true);
		}
		int budget = Math.max(LEAST_BUDGET, Math.min(wish.budgetTokensOr(limit), (int) (limit * 0.8)));
		if (budget >= limit) {
			return null;
		}
		if (budget < asked) {
			dropped.add(REASONING + ".budget_tokens (lowered to " + budget + ")");
		}
		return manual(budget, limit, wish, model, home);
	}

	private static AnthropicThinking manual(int budget, int limit, ReasoningConfig wish, AnthropicModel model,
			boolean home) {
		ObjectNode config = AnthropicJson.object("enabled").put("budget_tokens", budget);
		return new AnthropicThinking(display(config, wish, model), home ? wish.effort() : null, limit);
	}

	private static ObjectNode display(ObjectNode config, ReasoningConfig wish, AnthropicModel model) {
		return (wish.summary() != null && model.hidesThoughts()) ? config.put("display", "summarized") : config;
	}

}
