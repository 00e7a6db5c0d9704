package dev.llmproxy.observability.ledger;

import dev.llmproxy.chat.Usage;

/**
 * Tokens by kind, of one charge or of many. Details are part of the totals, as they are
 * in {@link Usage}.
 */
public record Tokens(long input, long output, long cacheRead, long cacheWrite, long reasoning, long audioInput,
		long audioOutput) {

	public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0, 0, 0);

	static Tokens of(Usage usage) {
		return new Tokens(usage.inputTokens(), usage.outputTokens(), usage.cacheReadTokens(), usage.cacheWriteTokens(),
				usage.reasoningTokens(), usage.audioInputTokens(), usage.audioOutputTokens());
	}

	public Tokens plus(Tokens other) {
		return new Tokens(this.input + other.input, this.output + other.output, this.cacheRead + other.cacheRead,
				this.cacheWrite + other.cacheWrite, this.reasoning + other.reasoning,
				this.audioInput + other.audioInput, this.audioOutput + other.audioOutput);
	}

}
