package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.Set;

import dev.llmproxy.context.ContextStrategy;
import dev.llmproxy.context.TrimOrder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is done with conversations that are too long, unless a route says otherwise.
 *
 * @param strategy none leaves it to the provider, reject refuses, trim leaves old turns
 * out, summarise puts a summary in their place, fallback goes to another model
 * @param maxTokens of a prompt; 0 for the smallest context window among the route's
 * targets, as far as it is known, without the answer
 * @param reservedOutput tokens of the window that are kept for an answer whose length the
 * request does not limit; at most a quarter of the window
 * @param trigger the share of that from which on trim and summarise do something
 * @param target the share that is left then, roughly; the next cut is due when the
 * conversation has grown from here to the trigger
 * @param order which turns trim leaves out first: middle-out or oldest-first
 * @param keepFirst so many turns at the beginning always stay
 * @param keepLast so many turns at the end always stay
 * @param pinnedNames messages with one of these names always stay, as those do that have
 * a mark for a prompt cache
 * @param media whether images, documents and recordings of old turns go before turns do:
 * keep or drop-old
 * @param fallbackModel fallback only: a route, an alias or provider/model
 * @param promptCacheMarks whether requests to Anthropic, and to Claude on Bedrock, get
 * marks for the prompt cache where the caller set none
 * @param flag a flag; something is done only to requests that it is on for
 * @param summary summarise only: how summaries are made
 * @param summaries how summaries are kept
 */
@ConfigurationProperties("llm-proxy.context")
record ContextProperties(@DefaultValue("none") ContextStrategy strategy, @DefaultValue("0") long maxTokens,
		@DefaultValue("4096") long reservedOutput, @DefaultValue("0.9") double trigger,
		@DefaultValue("0.6") double target, @DefaultValue("middle-out") TrimOrder order,
		@DefaultValue("0") int keepFirst, @DefaultValue("2") int keepLast, @DefaultValue Set<String> pinnedNames,
		@DefaultValue("keep") Media media, @Nullable String fallbackModel,
		@DefaultValue("false") boolean promptCacheMarks, @Nullable String flag, @DefaultValue Summary summary,
		@DefaultValue Summaries summaries) {

	/** What becomes of media in old turns. */
	enum Media {

		/** They stay as long as their turns do. */
		KEEP,

		/** A few words take their place. */
		DROP_OLD

	}

	/**
	 * How summaries are made.
	 *
	 * @param model who writes them: a route, an alias or provider/model
	 * @param prompt what it is told to do; by default words of the gateway
	 * @param maxTokens the most a summary may have
	 * @param chunkTokens how much of a conversation it is given at once
	 * @param parallel how many such pieces it is given side by side
	 * @param timeout until the conversation is trimmed instead
	 * @param backgroundAt the share of the budget from which on the next summary is
	 * prepared before it is needed, such as 0.75; 0 for never
	 */
	record Summary(@Nullable String model, @Nullable String prompt, @DefaultValue("1000") int maxTokens,
			@DefaultValue("8000") int chunkTokens, @DefaultValue("4") int parallel,
			@DefaultValue("20s") Duration timeout, @DefaultValue("0") double backgroundAt) {
	}

	/**
	 * How summaries are kept.
	 *
	 * @param size the most that all of them take
	 * @param ttl since one was last used
	 * @param rest how long none is tried after it failed, for the same part of the same
	 * conversation
	 * @param background how many are prepared at once
	 */
	record Summaries(@DefaultValue("32MB") DataSize size, @DefaultValue("24h") Duration ttl,
			@DefaultValue("30s") Duration rest, @DefaultValue("4") int background) {
	}

}
