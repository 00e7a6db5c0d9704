package dev.llmproxy.provider;

/**
 * Estimates tokens without a tokenizer: cuts a text as tokenizers do before they look
 * into their vocabulary, and knows what a piece of each kind costs on average. Of very
 * long texts a sample is looked at, so that it never takes more than some milliseconds.
 * Thread-safe.
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

	/** A sign before a word is often part of it. */
	private static final int SIGN_OF_WORD = 500;

	/** Each further sign of a run of them. */
	private static final int MORE_PUNCTUATION = 250;

	/** Letters of their own that tell languages, in thousandths of all. */
	private static final int WESTERN = 15;

	private static final int EASTERN = 30;

	private static final char VIETNAMESE = 0x1e00;

	private final Vocabulary vocabulary;

	public TextEstimate(Vocabulary vocabulary) {
		this.vocabulary = vocabulary;
	}

	@Override
	public long count(CharSequence text) {
		int length = text.length();
		if (length <= LONGEST) {
			return tokens(new Pass(text, length).milli(0));
		}
		int window = LONGEST / SAMPLES;
		long sum = 0;
		for (int i = 0; i < SAMPLES; i++) {
			int start = (int) ((long) (length - window) * i / (SAMPLES - 1));
			sum += new Pass(text, start + window).milli(start);
		}
		return tokens((long) (sum * ((double) length / LONGEST)));
	}

	@Override
	public boolean exact() {
		return false;
	}

	private long tokens(long milli) {
		return (milli * this.vocabulary.all() + 999_999) / 1_000_000;
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	private static boolean isLatin(char c) {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0xc0 && c < 0x250 && c != 0xd7 && c != 0xf7
				|| c >= VIETNAMESE && c < 0x1f00;
	}

	private static int kind(char c) {
		return isDigit(c) ? 0 : (c >= 'A' && c <= 'Z') ? 2 : 1;
	}

	/** One look at a text, from one piece to the next. */
	private final class Pass {

		private final Vocabulary vocabulary = TextEstimate.this.vocabulary;

		private final CharSequence text;

		private final int to;

		private long words;

		private int letters;

		private int western;

		private int eastern;

		private int vietnamese;

		Pass(CharSequence text, int to) {
			this.text = text;
			this.to = to;
		}

		long milli(int from) {
			long sum = 0;
			int at = from;
			while (at < this.to) {
				char first = this.text.charAt(at);
				int end = at + 1;
				if (isLatin(first) || isDigit(first)) {
					end = run(at);
					sum += (end - at > CODE && isCode(at, end)) ? code(at, end) : words(at, end);
				}
				else if (first <= ' ') {
					end = blanks(at);
					sum += blank(at, end);
				}
				else if (first < 0x80) {
					end = signs(at);
					sum += punctuation(end - at, end < this.to && isLatin(this.text.charAt(end)));
				}
				else {
					sum += other(first);
				}
				at = end;
			}
			return sum + this.words * language() / 1000;
		}

		/** What words cost, by the letters that English does not have. */
		private long language() {
			if (this.western + this.eastern == 0) {
				return 1000;
			}
			if (1000L * this.vietnamese >= (long) EASTERN * this.letters) {
				// Many letters of its own, but words of one syllable.
				return 1000L + this.vocabulary.western();
			}
			long west = Math.min(WESTERN, 1000L * this.western / this.letters);
			long east = Math.min(EASTERN, 1000L * this.eastern / this.letters);
			return 1000
					+ Math.max(this.vocabulary.western() * west / WESTERN, this.vocabulary.eastern() * east / EASTERN);
		}

		/** Letters and digits without anything between them. */
		private int run(int at) {
			int end = at + 1;
			while (end < this.to && (isLatin(this.text.charAt(end)) || isDigit(this.text.charAt(end)))) {
				end++;
			}
			return end;
		}

		/** Whether capitals and digits stand where words don't have them. */
		private boolean isCode(int at, int end) {
			int changes = 0;
			int before = kind(this.text.charAt(at));
			for (int i = at + 1; i < end; i++) {
				int now = kind(this.text.charAt(i));
				// A capital before small letters is how words begin.
				if (now != before && !(before == 2 && now == 1)) {
					changes++;
				}
				before = now;
			}
			return changes * 5 > end - at;
		}

		/** Half of hexadecimal digits are digits, which come by the three. */
		private long code(int at, int end) {
			for (int i = at; i < end; i++) {
				if (kind(this.text.charAt(i)) == 2) {
					return (long) (end - at) * this.vocabulary.code();
				}
			}
			return (long) (end - at) * this.vocabulary.code() * 7 / 8;
		}

		/**
		 * Numbers at once; words are summed up, because their language is not known yet.
		 */
		private long words(int at, int end) {
			long numbers = 0;
			int start = at;
			while (start < end) {
				int next = start + 1;
				if (isDigit(this.text.charAt(start))) {
					while (next < end && isDigit(this.text.charAt(next))) {
						next++;
					}
					numbers += 1000L * ((next - start + this.vocabulary.digits() - 1) / this.vocabulary.digits());
				}
				else {
					accent(this.text.charAt(start));
					while (next < end && !isDigit(this.text.charAt(next)) && !isHump(next)) {
						accent(this.text.charAt(next));
						next++;
					}
					this.letters += next - start;
					this.words += 1000 + (long) this.vocabulary.letter() * Math.max(0, next - start - WORD);
				}
				start = next;
			}
			return numbers;
		}

		private void accent(char c) {
			if (c >= VIETNAMESE) {
				this.vietnamese++;
			}
			else if (c >= 0x100) {
				this.eastern++;
			}
			else if (c >= 0x80) {
				this.western++;
			}
		}

		/** Where a camel has one. */
		private boolean isHump(int at) {
			return kind(this.text.charAt(at)) == 2 && kind(this.text.charAt(at - 1)) == 1;
		}

		private int blanks(int at) {
			int end = at + 1;
			while (end < this.to && this.text.charAt(end) <= ' ') {
				end++;
			}
			return end;
		}

		/** One before a word is part of it; the others are one piece. */
		private long blank(int at, int end) {
			boolean joins = this.text.charAt(end - 1) == ' ' && end < this.to && !isDigit(this.text.charAt(end));
			int left = joins ? end - at - 1 : end - at;
			return (left == 0) ? 0 : 1000 + Math.max(0, left - 40) * 20L;
		}

		private int signs(int at) {
			int end = at + 1;
			while (end < this.to) {
				char next = this.text.charAt(end);
				if (next <= ' ' || next >= 0x7f || isLatin(next) || isDigit(next)) {
					break;
				}
				end++;
			}
			return end;
		}

		private long punctuation(int count, boolean beforeWord) {
			return ((count == 1 && beforeWord) ? SIGN_OF_WORD : PUNCTUATION)
					+ (long) MORE_PUNCTUATION * Math.min(count - 1, 8) + 60L * Math.max(0, count - 9);
		}

		private int other(char c) {
			if (c >= 0x4e00 && c <= 0x9fff || c >= 0x3400 && c < 0x4dc0) {
				return this.vocabulary.ideograph();
			}
			if (c >= 0x3000 && c < 0x3400 || c >= 0xff00 && c < 0xfff0) {
				return this.vocabulary.kana();
			}
			if (c >= 0xac00 && c < 0xd7b0) {
				return this.vocabulary.hangul();
			}
			if (c >= 0x400 && c < 0x530) {
				return this.vocabulary.cyrillic();
			}
			if (Character.isSurrogate(c)) {
				return this.vocabulary.symbol() / 2;
			}
			return Character.isLetter(c) ? this.vocabulary.other() : 1000;
		}

	}

}
