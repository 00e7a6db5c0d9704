package dev.llmproxy.provider;

import dev.llmproxy.chat.ChatRequest;

/**
 * Bounds the time that exact counting takes: what is longer than {@value #LONGEST}
 * characters is estimated, and the estimate corrected by what it is off in a sample that
 * is counted. Thread-safe.
 */
final class SampledTexts implements TextTokens {

	/** Takes a tokenizer some 10 ms. */
	static final int LONGEST = 100_000;

	private static final int SAMPLE = 50_000;

	/** What a sample of a long text is put together of. */
	private static final int PIECE = 3000;

	private static final TextEstimate ROUGH = new TextEstimate(Vocabulary.LARGE);

	private final double factor;

	private SampledTexts(double factor) {
		this.factor = factor;
	}

	/** Counts of one text, sampled if it is long. */
	static long count(TextTokens texts, String text) {
		if (text.length() <= LONGEST || !texts.exact()) {
			return texts.count(text);
		}
		long[] sums = new long[2];
		measure(texts, text, SAMPLE, sums);
		return new SampledTexts(factor(sums)).count(text);
	}

	/** What counts the texts of this prompt: the very same, if they are not long. */
	static TextTokens of(TextTokens texts, ChatRequest request) {
		long characters = texts.exact() ? PromptTexts.characters(request) : 0;
		if (characters <= LONGEST) {
			return texts;
		}
		double share = (double) SAMPLE / characters;
		long[] sums = new long[2];
		PromptTexts.forEach(request, (text) -> measure(texts, text, (int) Math.ceil(text.length() * share), sums));
		return new SampledTexts(factor(sums));
	}

	/** Adds what is counted and what is estimated of pieces all over a text. */
	private static void measure(TextTokens texts, String text, int size, long[] sums) {
		int pieces = Math.max(1, size / PIECE);
		int length = size / pieces;
		for (int i = 0; i < pieces; i++) {
			int start = (pieces == 1) ? 0 : (int) ((long) (text.length() - length) * i / (pieces - 1));
			String piece = text.substring(start, start + length);
			sums[0] += texts.count(piece);
			sums[1] += ROUGH.count(piece);
		}
	}

	private static double factor(long[] sums) {
		return (sums[1] > 0) ? (double) sums[0] / sums[1] : 1;
	}

	@Override
	public long count(CharSequence text) {
		return Math.round(ROUGH.count(text) * this.factor);
	}

	@Override
	public boolean exact() {
		return false;
	}

}
