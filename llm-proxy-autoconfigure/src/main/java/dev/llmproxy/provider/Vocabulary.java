package dev.llmproxy.provider;

/**
 * How a family of models cuts texts, in thousandths of a token. A tokenizer's pieces are
 * words, numbers, punctuation and white space; what a piece costs depends on the script
 * and on how many words of it the vocabulary has.
 *
 * @param digits that make one token
 * @param letter each letter of a word beyond the seventh; a shorter one is a token
 * @param western what words of western European languages cost on top of English ones
 * @param eastern the same of languages with more letters of their own, such as Polish
 * @param code each character of a run that is no word, such as Base64
 * @param ideograph a Chinese character
 * @param kana a Japanese one
 * @param hangul a Korean one
 * @param cyrillic a letter of the Cyrillic alphabet
 * @param other a letter of another alphabet
 * @param symbol an emoji
 * @param all what all that counts, for whoever has fewer words in general
 */
public record Vocabulary(int digits, int letter, int western, int eastern, int code, int ideograph, int kana,
		int hangul, int cyrillic, int other, int symbol, int all) {

	/** 200,000 pieces of many languages. */
	public static final Vocabulary LARGE = new Vocabulary(3, 95, 170, 900, 690, 850, 770, 740, 305, 365, 1900, 1000);

	/** 100,000 pieces, most of them English. */
	public static final Vocabulary MEDIUM = new Vocabulary(3, 110, 500, 1200, 740, 1310, 1000, 1380, 580, 990, 2600,
			1000);

	/** The same with other numbers. */
	public Vocabulary withDigits(int digits) {
		return new Vocabulary(digits, this.letter, this.western, this.eastern, this.code, this.ideograph, this.kana,
				this.hangul, this.cyrillic, this.other, this.symbol, this.all);
	}

	/** The same with other words of eastern Asia. */
	public Vocabulary withAsian(int ideograph, int kana, int hangul) {
		return new Vocabulary(this.digits, this.letter, this.western, this.eastern, this.code, ideograph, kana, hangul,
				this.cyrillic, this.other, this.symbol, this.all);
	}

	/** So many percent of it in all. */
	public Vocabulary withPercent(int percent) {
		return new Vocabulary(this.digits, this.letter, this.western, this.eastern, this.code, this.ideograph,
				this.kana, this.hangul, this.cyrillic, this.other, this.symbol, percent * 10);
	}

}
