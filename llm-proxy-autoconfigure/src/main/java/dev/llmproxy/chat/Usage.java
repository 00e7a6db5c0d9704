package dev.llmproxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of one call. Details are part of the totals, never on top of them.
 *
 * @param inputTokens all prompt tokens, cached ones included
 * @param outputTokens all generated tokens, reasoning included
 * @param cacheReadTokens prompt tokens read from the provider's cache
 * @param cacheWriteTokens prompt tokens written to the provider's cache
 * @param cacheWriteHourTokens those of them that stay there for an hour
 * @param reasoningTokens generated tokens that were thoughts
 * @param audioInputTokens prompt tokens that were audio
 * @param audioOutputTokens generated tokens that were audio
 * @param serviceTier the tier that served the call, on which prices depend; {@code null}
 * where nobody told
 * @param estimated whether the provider did not say and we estimated
 */
public record Usage(long inputTokens, long outputTokens, long cacheReadTokens, long cacheWriteTokens,
		long cacheWriteHourTokens, long reasoningTokens, long audioInputTokens, long audioOutputTokens,
		@Nullable String serviceTier, boolean estimated) {

	/** Without what few providers tell. */
	public Usage(long inputTokens, long outputTokens, long cacheReadTokens, long cacheWriteTokens, long reasoningTokens,
			long audioInputTokens, long audioOutputTokens, boolean estimated) {
		this(inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, 0, reasoningTokens, audioInputTokens,
				audioOutputTokens, null, estimated);
	}

	public static Usage of(long inputTokens, long outputTokens) {
		return new Usage(inputTokens, outputTokens, 0, 0, 0, 0, 0, false);
	}

	public static Usage estimate(long inputTokens, long outputTokens) {
		return new Usage(inputTokens, outputTokens, 0, 0, 0, 0, 0, true);
	}

	/** The same counts as no more than an estimate. */
	public Usage asEstimate() {
		return new Usage(this.inputTokens, this.outputTokens, this.cacheReadTokens, this.cacheWriteTokens,
				this.cacheWriteHourTokens, this.reasoningTokens, this.audioInputTokens, this.audioOutputTokens,
				this.serviceTier, true);
	}

	/** The same counts, of which so many prompt tokens are cached for an hour. */
	public Usage withCacheWriteHour(long tokens) {
		return new Usage(this.inputTokens, this.outputTokens, this.cacheReadTokens, this.cacheWriteTokens, tokens,
				this.reasoningTokens, this.audioInputTokens, this.audioOutputTokens, this.serviceTier, this.estimated);
	}

	/** The same counts of a call that this tier served. */
	public Usage servedBy(@Nullable String tier) {
		return (tier == null) ? this
				: new Usage(this.inputTokens, this.outputTokens, this.cacheReadTokens, this.cacheWriteTokens,
						this.cacheWriteHourTokens, this.reasoningTokens, this.audioInputTokens, this.audioOutputTokens,
						tier, this.estimated);
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
