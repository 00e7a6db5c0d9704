package dev.llmproxy.chat;

/**
 * Tokens of one call. Details are part of the totals, never on top of them.
 *
 * @param inputTokens all prompt tokens, cached ones included
 * @param outputTokens all generated tokens, reasoning included
 * @param cacheReadTokens prompt tokens read from the provider's cache
 * @param cacheWriteTokens prompt tokens written to the provider's cache
 * @param reasoningTokens generated tokens that were thoughts
 * @param audioInputTokens prompt tokens that were audio
 * @param audioOutputTokens generated tokens that were audio
 * @param estimated whether the provider did not say and we estimated
 */
public record Usage(long inputTokens, long outputTokens, long cacheReadTokens, long cacheWriteTokens,
		long reasoningTokens, long audioInputTokens, long audioOutputTokens, boolean estimated) {

	public static Usage of(long inputTokens, long outputTokens) {
		return new Usage(inputTokens, outputTokens, 0, 0, 0, 0, 0, false);
	}

	public static Usage estimate(long inputTokens, long outputTokens) {
		return new Usage(inputTokens, outputTokens, 0, 0, 0, 0, 0, true);
	}

	/** The same counts as no more than an estimate. */
	public Usage asEstimate() {
		return new Usage(this.inputTokens, this.outputTokens, this.cacheReadTokens, this.cacheWriteTokens,
				this.reasoningTokens, this.audioInputTokens, this.audioOutputTokens, true);
	}

	/**
	 * The same counts; an estimate if the provider's own total is less than its parts.
	 * @param total as the provider told; 0 if it did not
	 */
	public Usage checkedBy(long total) {
		return (total != 0 && total < totalTokens()) ? asEstimate() : this;
	}

	public long totalTokens() {
		return this.inputTokens + this.outputTokens;
	}

}
