package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.Set;

import dev.llmproxy.context.ContextStrategy;
import dev.llmproxy.context.TrimOrder;
import org.jspecify.annotations.Nullable;

/**
 * What is done with conversations of one route that are too long. What is not said here
 * is as under llm-proxy.context.
 *
 * @param strategy none, reject, trim, summarise or fallback
 * @param maxTokens of a prompt; 0 for what the smallest window leaves
 * @param reservedOutput tokens of the window that are kept for an answer whose length the
 * request does not limit
 * @param trigger the share from which on something is done
 * @param target the share that is left then
 * @param order middle-out or oldest-first
 * @param keepFirst so many turns at the beginning always stay
 * @param keepLast so many turns at the end always stay
 * @param pinnedNames messages with one of these names always stay
 * @param media keep or drop-old
 * @param fallbackModel fallback only: a route, an alias or provider/model
 * @param promptCacheMarks whether requests to Anthropic, and to Claude on Bedrock, get
 * marks for the prompt cache where the caller set none
 * @param flag a flag; something is done only to requests that it is on for
 * @param summary summarise only: how summaries are made
 */
record RouteContext(@Nullable ContextStrategy strategy, @Nullable Long maxTokens, @Nullable Long reservedOutput,
		@Nullable Double trigger, @Nullable Double target, @Nullable TrimOrder order, @Nullable Integer keepFirst,
		@Nullable Integer keepLast, @Nullable Set<String> pinnedNames, ContextProperties.@Nullable Media media,
		@Nullable String fallbackModel, @Nullable Boolean promptCacheMarks, @Nullable String flag,
		@Nullable Summary summary) {

	/**
	 * How summaries are made.
	 *
	 * @param model who writes them: a route, an alias or provider/model
	 * @param prompt what it is told to do
	 * @param maxTokens the most a summary may have
	 * @param chunkTokens how much of a conversation it is given at once
	 * @param parallel how many such pieces it is given side by side
	 * @param timeout until the conversation is trimmed instead
	 * @param backgroundAt the share of the budget from which on the next summary is
	 * prepared before it is needed; 0 for never
	 */
	record Summary(@Nullable String model, @Nullable String prompt, @Nullable Integer maxTokens,
			@Nullable Integer chunkTokens, @Nullable Integer parallel, @Nullable Duration timeout,
			@Nullable Double backgroundAt) {

		ContextProperties.Summary over(ContextProperties.Summary general) {
			return new ContextProperties.Summary(or(this.model, general.model()), or(this.prompt, general.prompt()),
					or(this.maxTokens, general.maxTokens()), or(this.chunkTokens, general.chunkTokens()),
					or(this.parallel, general.parallel()), or(this.timeout, general.timeout()),
					or(this.backgroundAt, general.backgroundAt()));
		}

	}

	/** What holds for the route. */
	ContextProperties over(ContextProperties general) {
		return new ContextProperties(or(this.strategy, general.strategy()), or(this.maxTokens, general.maxTokens()),
				or(this.reservedOutput, general.reservedOutput()), or(this.trigger, general.trigger()),
				or(this.target, general.target()), or(this.order, general.order()),
				or(this.keepFirst, general.keepFirst()), or(this.keepLast, general.keepLast()),
				or(this.pinnedNames, general.pinnedNames()), or(this.media, general.media()),
				or(this.fallbackModel, general.fallbackModel()), or(this.promptCacheMarks, general.promptCacheMarks()),
				(this.flag != null) ? this.flag : general.flag(),
				(this.summary != null) ? this.summary.over(general.summary()) : general.summary(), general.summaries());
	}

	private static <T extends @Nullable Object> T or(@Nullable T own, T general) {
		return (own != null) ? own : general;
	}

}
