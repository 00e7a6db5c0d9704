package dev.llmproxy.provider;

/**
 * How a family of models cuts texts, in thousandths of a token. A tokenizer's pieces are
 * words, numbers, punctuation and white space; what a piece costs depends on the script
 * and on how many words of it the vocabulary has.
 *
 * @param digits that make one token
 * @param word the first letters of a word of the Latin alphabet
 * @param letter each further letter of it
 * @param accent a letter of the Latin alphabet that ASCII lacks, on top
 * @param code each character of a run that is no word, such as Base64
 * @param ideograph a Chinese character
 * @param kana a Japanese or Korean one
 * @param cyrillic a letter of the Cyrillic alphabet
 * @param other a letter of another alphabet
 * @param symbol an emoji or another sign
 * @param percent of all that, for whoever has fewer words in general
 */
public record Vocabulary(int digits, int word, int letter, int accent, int code, int ideograph, int kana, int cyrillic,
		int other, int symbol, int percent) {

	/** 200,000 pieces of many languages. */
	public static final Vocabulary LARGE = new Vocabulary(3, 1000, 130, 250, 700, 720, 720, 290, 500, 1900, 100);

	/** 100,000 pieces, most of them English. */
	public static final Vocabulary MEDIUM = new Vocabulary(3, 1000, 150, 350, 720, 1200, 1050, 500, 950, 2500, 100);

	public Vocabulary withDigits(int digits) {
		return new Vocabulary(digits, this.word, this.letter, this.accent, this.code, this.ideograph, this.kana,
				this.cyrillic, this.other, this.symbol, this.percent);
	}

	public Vocabulary withIdeograph(int ideograph, int kana) {
		return new Vocabulary(this.digits, this.word, this.letter, this.accent, this.code, ideograph, kana,
				this.cyrillic, this.other, this.symbol, this.percent);
	}

	public Vocabulary withPercent(int percent) {
		return new Vocabulary(this.digits, this.word, this.letter, this.accent, this.code, this.ideograph, this.kana,
				this.cyrillic, this.other, this.symbol, percent);
	}

}
