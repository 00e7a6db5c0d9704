package dev.llmproxy.dialect.bedrock;

import java.util.HexFormat;
import java.util.regex.Pattern;

import dev.llmproxy.dialect.Sha256;

/**
 * Identifiers and names of tool calls: the API takes 1 to 64 letters, digits, {@code _}
 * and {@code -}.
 */
final class BedrockToolIds {

	private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

	private static final Pattern ILLEGAL_CHARACTER = Pattern.compile("[^a-zA-Z0-9_-]");

	/** What is kept of a foreign one, before 16 digits that tell it from others. */
	private static final int KEPT = 47;

	private BedrockToolIds() {
	}

	static boolean isLegal(String word) {
		return LEGAL.matcher(word).matches();
	}

	/**
	 * The word itself, or a legal one that only this one gives. A call and its result are
	 * encoded apart and have to meet again.
	 */
	static String encode(String word) {
		if (isLegal(word)) {
			return word;
		}
		String legal = ILLEGAL_CHARACTER.matcher(word).replaceAll("_");
		return legal.substring(0, Math.min(KEPT, legal.length())) + "_" + digest(word);
	}

	private static String digest(String word) {
		return HexFormat.of().formatHex(Sha256.of(word), 0, 8);
	}

}
