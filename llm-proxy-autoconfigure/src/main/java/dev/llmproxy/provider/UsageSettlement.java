package dev.llmproxy.provider;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a call is charged for: what the provider told, corrected where that
 * contradicts itself, and an estimate where it told nothing or the caller left before it
 * could. Whatever is not the provider's own word is flagged. Nothing is decoded for it
 * but requests of middling size, whose bytes may be mostly images.
 */
public final class UsageSettlement {

	private static final int SMALL = 16 * 1024;

	private static final int LARGE = 1024 * 1024;

	/** Bytes of a frame that are not text, roughly. */
	private static final int OVERHEAD = 256;

	private UsageSettlement() {
	}

	/**
	 * Settles an answer that ended, or that nobody waits for any more.
	 * @param outcome {@code null} if no answer had begun
	 * @return {@code null} where tokens are not what is charged
	 */
	public static @Nullable Usage of(LlmRequest request, @Nullable Outcome outcome) {
		if (outcome != null && outcome.free()) {
			return null;
		}
		Usage told = (outcome != null) ? outcome.usage() : null;
		if (told != null) {
			return corrected(request, told, (outcome != null) ? produced(outcome) : 0);
		}
		return switch (request.operation()) {
			case CHAT -> Usage.estimate(input(request), (outcome != null) ? produced(outcome) : 0);
			case EMBEDDINGS -> Usage.estimate(request.body().length / 4, 0);
			default -> null;
		};
	}

	/**
	 * The most that a call is expected to be charged, for setting aside before it is
	 * made.
	 * @param output tokens of an answer whose length the request does not limit
	 * @return 0 where tokens are not what is charged
	 */
	public static long expected(LlmRequest request, long output) {
		return expected(request, output, TokenEstimate.COUNTER);
	}

	/**
	 * The most that a call is expected to be charged.
	 * @param counter counts as the model does
	 */
	public static long expected(LlmRequest request, long output, TokenCounter counter) {
		return expectedUsage(request, output, counter).totalTokens();
	}

	/** The same by kinds. */
	public static Usage expectedUsage(LlmRequest request, long output, TokenCounter counter) {
		return switch (request.operation()) {
			case CHAT -> Usage.estimate(input(request, counter), output(request, output));
			case EMBEDDINGS -> Usage.estimate(request.body().length / 4, 0);
			default -> Usage.estimate(0, 0);
		};
	}

	/** Gemini nests what the envelope looks for; what was decoded already says it too. */
	private static long output(LlmRequest request, long otherwise) {
		int asked = request.envelope().maxTokens();
		if (asked < 0 && (request.edited() || request.dialect().equals(Dialect.GEMINI))) {
			Integer decoded = decodedMaxTokens(request);
			asked = (decoded != null) ? decoded : -1;
		}
		return ((asked >= 0) ? asked : otherwise) * request.envelope().n();
	}

	private static @Nullable Integer decodedMaxTokens(LlmRequest request) {
		try {
			return request.chat().maxTokens();
		}
		catch (RuntimeException ex) {
			// The same error comes up again where it is told.
			return null;
		}
	}

	private static Usage corrected(LlmRequest request, Usage told, long produced) {
		boolean chat = request.operation() == Operation.CHAT;
		long input = (told.inputTokens() > 0 || !chat) ? Math.max(0, told.inputTokens()) : input(request);
		// One token may be an empty answer's end; several frames of text are none.
		boolean silent = told.outputTokens() < 0 || (chat && told.outputTokens() == 0 && produced > 2);
		// What was told before the answer was complete is less than what came.
		long output = silent ? produced
				: told.estimated() ? Math.max(told.outputTokens(), produced) : told.outputTokens();
		long written = within(told.cacheWriteTokens(), input);
		Usage usage = new Usage(input, output, within(told.cacheReadTokens(), input), written,
				within(told.cacheWriteHourTokens(), written), within(told.reasoningTokens(), output),
				within(told.audioInputTokens(), input), within(told.audioOutputTokens(), output), told.serviceTier(),
				told.estimated());
		return usage.equals(told) ? told : usage.asEstimate();
	}

	private static long within(long part, long total) {
		return Math.max(0, Math.min(part, total));
	}

	/** Tokens of the answer: one a frame, or more where frames are long. */
	private static long produced(Outcome outcome) {
		long frames = outcome.producedFrames();
		long text = Math.max(0, outcome.producedBytes() - OVERHEAD * Math.max(1, frames)) / 4;
		return Math.max(frames, text);
	}

	private static long input(LlmRequest request) {
		return input(request, TokenEstimate.COUNTER);
	}

	private static long input(LlmRequest request, TokenCounter counter) {
		int length = request.body().length;
		if (request.edited() || (length > SMALL && length <= LARGE)) {
			try {
				return counter.count(request.chat());
			}
			catch (RuntimeException ex) {
				// What can't be decoded is counted by its bytes.
			}
		}
		return length / 4;
	}

}
