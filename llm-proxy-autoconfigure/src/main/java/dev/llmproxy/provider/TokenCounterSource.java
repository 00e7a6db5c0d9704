package dev.llmproxy.provider;

import org.jspecify.annotations.Nullable;

/**
 * Counts for some models. Any bean of this type takes part, before the counters that come
 * along; the first that knows a model counts for it. Thread-safe.
 *
 * <pre>{@code
 * TokenCounterSource mine = (model) -> model.startsWith("my-")
 * 		? new PromptCounter((text) -> tokenizer.count(text), PromptShape.CHAT, MediaTokens.USUAL)
 * 		: null;
 * }</pre>
 */
@FunctionalInterface
public interface TokenCounterSource {

	/**
	 * The counter for a model; asked for each request, so it returns at once.
	 * @param model as its provider names it
	 * @return {@code null} if others are to count for it
	 */
	@Nullable TokenCounter find(String model);

}
