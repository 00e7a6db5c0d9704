package dev.llmproxy.context;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is done with conversations that are too long.
 *
 * @param maxTokens of a prompt; 0 for what the model's window leaves
 * @param reservedOutput tokens of the window that are kept for an answer whose length the
 * request does not limit
 * @param trigger the share of the budget from which on something is done
 * @param target the share of the budget that is left then, roughly
 * @param order of trimming
 * @param keepFirst so many turns at the beginning always stay
 * @param keepLast so many turns at the end always stay
 * @param pinnedNames messages with one of these names always stay
 * @param dropOldMedia whether images, documents and recordings of old turns go first
 * @param summary only with {@link ContextStrategy#SUMMARISE}
 * @param fallback the model to go to; only with {@link ContextStrategy#FALLBACK}
 * @param promptCacheMarks whether requests get marks for the provider's prompt cache
 * @param flag something is done only to requests that it is on for; {@code null} for all
 */
public record ContextPolicy(ContextStrategy strategy, long maxTokens, long reservedOutput, double trigger,
		double target, TrimOrder order, int keepFirst, int keepLast, Set<String> pinnedNames, boolean dropOldMedia,
		@Nullable SummaryPolicy summary, @Nullable String fallback, boolean promptCacheMarks, @Nullable String flag) {

	public ContextPolicy {
		pinnedNames = Set.copyOf(pinnedNames);
		if (maxTokens < 0 || reservedOutput < 0 || keepFirst < 0 || keepLast < 0) {
			throw new IllegalArgumentException(
					"max-tokens, reserved-output, keep-first and keep-last must not be negative");
		}
		if (!(target > 0 && target < trigger && trigger <= 1)) {
			throw new IllegalArgumentException("target must be above 0 and below trigger, and trigger at most 1");
		}
		if ((strategy == ContextStrategy.SUMMARISE) != (summary != null)) {
			throw new IllegalArgumentException("a summary's model goes with the strategy summarise");
		}
		if ((strategy == ContextStrategy.FALLBACK) != (fallback != null)) {
			throw new IllegalArgumentException("a fallback-model goes with the strategy fallback");
		}
	}

	/** One for all requests. */
	public ContextPolicy(ContextStrategy strategy, long maxTokens, long reservedOutput, double trigger, double target,
			TrimOrder order, int keepFirst, int keepLast, Set<String> pinnedNames, boolean dropOldMedia,
			@Nullable SummaryPolicy summary, @Nullable String fallback, boolean promptCacheMarks) {
		this(strategy, maxTokens, reservedOutput, trigger, target, order, keepFirst, keepLast, pinnedNames,
				dropOldMedia, summary, fallback, promptCacheMarks, null);
	}

	/**
	 * How long a prompt may be.
	 * @param window of the model; 0 where unknown
	 * @param asked the longest answer that is asked for; -1 where nobody said
	 */
	Budget budget(long window, long asked) {
		if (this.maxTokens > 0) {
			return Budget.of(this.maxTokens, 0, 0, this);
		}
		long reserved = (asked >= 0) ? asked : Math.min(this.reservedOutput, window / 4);
		return Budget.of((window > 0) ? Math.max(1, window - reserved) : 0, window, reserved, this);
	}

	private boolean condenses() {
		return this.strategy == ContextStrategy.TRIM || this.strategy == ContextStrategy.SUMMARISE;
	}

	/**
	 * How many tokens a prompt may have.
	 *
	 * @param tokens the most; 0 where nobody knows
	 * @param trigger from which on something is done
	 * @param target what is left then, roughly
	 * @param window it was made of; 0 if it was not
	 * @param reserved for the answer
	 */
	record Budget(long tokens, long trigger, long target, long window, long reserved) {

		private static Budget of(long tokens, long window, long reserved, ContextPolicy policy) {
			long trigger = policy.condenses() ? (long) (tokens * policy.trigger) : tokens;
			return new Budget(tokens, trigger, (long) (tokens * policy.target), window, reserved);
		}

		boolean known() {
			return this.tokens > 0;
		}

		/**
		 * How much text may be left: less where recent media may come and go beside it.
		 */
		long roomForText(ContextPolicy policy) {
			boolean beside = policy.dropOldMedia && policy.condenses();
			return beside ? this.trigger - step() / 2 : this.trigger;
		}

		/** The size of the pieces in which turns are left out. */
		long step() {
			return Math.max(1, this.trigger - this.target);
		}

	}

}
