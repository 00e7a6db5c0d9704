package dev.llmproxy.provider;

/**
 * Estimates tokens without a tokenizer: cuts a text as tokenizers do before they look
 * into their vocabulary, and knows what a piece of each kind costs on average. Of very
 * long texts a sample is looked at, so that it never takes more than some milliseconds.
 * Thread-safe; allocates nothing.
 */
public final class TextEstimate implements TextTokens {

	/** In characters; what is longer is sampled. */
	private static final int LONGEST = 2_000_000;

	private static final int SAMPLES = 32;

	/** Letters of the Latin alphabet that most words of one token have. */
	private static final int WORD = 7;

	/** From here on a run of letters and digits may be no words at all. */
	private static final int CODE = 20;

	private static final int PUNCTUATION = 1000;

	/** Each further sign of a run of them. */
	private static final int MORE_PUNCTUATION = 300;

	private final Vocabulary vocabulary;

	public TextEstimate(Vocabulary vocabulary) {
		this.vocabulary = vocabulary;
	}

	@Override
	public long count(CharSequence text) {
		int length = text.length();
		if (length <= LONGEST) {
			return tokens(milli(text, 0, length));
		}
		int window = LONGEST / SAMPLES;
		long sum = 0;
		for (int i = 0; i < SAMPLES; i++) {
			int start = (int) ((long) (length - window) * i / (SAMPLES - 1));
			sum += milli(text, start, start + window);
		}
		return tokens((long) (sum * ((double) length / LONGEST)));
	}

	@Override
	public boolean exact() {
		return false;
	}

	private long tokens(long milli) {
		return (milli * this.vocabulary.percent() + 99_999) / 100_000;
	}

	private long milli(CharSequence text, int from, int to) {
		long sum = 0;
		int at = from;
		while (at < to) {
			char first = text.charAt(at);
			int end;
			if (isLatin(first) || isDigit(first)) {
				end = run(text, at, to);
				sum += (end - at > CODE && isCode(text, at, end)) ? (long) (end - at) * this.vocabulary.code()
						: words(text, at, end);
			}
			else if (first <= ' ') {
				end = blanks(text, at, to);
				sum += blank(text, at, end, to);
			}
			else if (first < 0x80) {
				end = signs(text, at, to);
				sum += punctuation(end - at, end < to && isLatin(text.charAt(end)));
			}
			else {
				end = at + 1;
				sum += other(first);
			}
			at = end;
		}
		return sum;
	}

	/** Letters and digits, and what Base64 has between them. */
	private static int run(CharSequence text, int at, int to) {
		int end = at + 1;
		while (end < to) {
			char next = text.charAt(end);
			if (!isLatin(next) && !isDigit(next)) {
				break;
			}
			end++;
		}
		return end;
	}

	/** Whether capitals and digits stand where words don't have them. */
	private static boolean isCode(CharSequence text, int at, int end) {
		int changes = 0;
		int before = kind(text.charAt(at));
		for (int i = at + 1; i < end; i++) {
			int now = kind(text.charAt(i));
			// A capital before small letters is how words begin.
			if (now != before && !(before == 2 && now == 1)) {
				changes++;
			}
			before = now;
		}
		return changes * 5 > end - at;
	}

	private static int kind(char c) {
		return isDigit(c) ? 0 : (c >= 'A' && c <= 'Z') ? 2 : 1;
	}

	private long words(CharSequence text, int at, int end) {
		long sum = 0;
		int start = at;
		while (start < end) {
			int next = start + 1;
			if (isDigit(text.charAt(start))) {
				while (next < end && isDigit(text.charAt(next))) {
					next++;
				}
				sum += 1000L * ((next - start + this.vocabulary.digits() - 1) / this.vocabulary.digits());
			}
			else {
				int accents = (text.charAt(start) >= 0x80) ? 1 : 0;
				while (next < end && isLatin(text.charAt(next)) && !isHump(text, next)) {
					accents += (text.charAt(next) >= 0x80) ? 1 : 0;
					next++;
				}
				sum += this.vocabulary.word() + (long) this.vocabulary.letter() * Math.max(0, next - start - WORD)
						+ (long) this.vocabulary.accent() * accents;
			}
			start = next;
		}
		return sum;
	}

	/** Where a camel has one. */
	private static boolean isHump(CharSequence text, int at) {
		return kind(text.charAt(at)) == 2 && kind(text.charAt(at - 1)) == 1;
	}

	private static int blanks(CharSequence text, int at, int to) {
		int end = at + 1;
		while (end < to && text.charAt(end) <= ' ') {
			end++;
		}
		return end;
	}

	/** One before a word is part of it; the others are one piece. */
	private static long blank(CharSequence text, int at, int end, int to) {
		boolean joins = text.charAt(end - 1) == ' ' && end < to && !isDigit(text.charAt(end));
		int left = joins ? end - at - 1 : end - at;
		return (left == 0) ? 0 : 1000 + Math.max(0, left - 40) * 20L;
	}

	private static int signs(CharSequence text, int at, int to) {
		int end = at + 1;
		while (end < to) {
			char next = text.charAt(end);
			if (next <= ' ' || next >= 0x7f || isLatin(next) || isDigit(next)) {
				break;
			}
			end++;
		}
		return end;
	}

	/** The last sign before a word is often part of it. */
	private static long punctuation(int count, boolean beforeWord) {
		return ((count == 1 && beforeWord) ? 700 : PUNCTUATION) + (long) MORE_PUNCTUATION * Math.min(count - 1, 8)
				+ 60L * Math.max(0, count - 9);
	}

	private int other(char c) {
		if (c >= 0x4e00 && c <= 0x9fff || c >= 0x3400 && c < 0x4dc0) {
			return this.vocabulary.ideograph();
		}
		if (c >= 0x3000 && c < 0x3400 || c >= 0xac00 && c < 0xd7b0 || c >= 0xff00 && c < 0xfff0) {
			return this.vocabulary.kana();
		}
		if (c >= 0x400 && c < 0x530) {
			return this.vocabulary.cyrillic();
		}
		if (Character.isSurrogate(c)) {
			return this.vocabulary.symbol() / 2;
		}
		return Character.isLetter(c) ? this.vocabulary.other() : 1000;
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	private static boolean isLatin(char c) {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0xc0 && c < 0x250 && c != 0xd7 && c != 0xf7;
	}

}
