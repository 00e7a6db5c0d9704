package dev.llmproxy.provider.simulator;

import java.util.ArrayList;
import java.util.List;

/**
 * The simulator's own tokens: up to six letters or digits, or one other character, each
 * with the white space before it. Joined, they are the text.
 */
final class Tokens {

	private static final int LONGEST = 6;

	private Tokens() {
	}

	static List<String> of(String text) {
		List<String> tokens = new ArrayList<>();
		for (int start = 0; start < text.length();) {
			int end = end(text, start);
			tokens.add(text.substring(start, end));
			start = end;
		}
		return tokens;
	}

	static int count(String text) {
		int count = 0;
		for (int start = 0; start < text.length(); start = end(text, start)) {
			count++;
		}
		return count;
	}

	/** The beginning of a text, at most so many tokens. */
	static String first(String text, int tokens) {
		int end = 0;
		for (int i = 0; i < tokens && end < text.length(); i++) {
			end = end(text, end);
		}
		return text.substring(0, end);
	}

	/** Where the token that starts here ends. */
	private static int end(String text, int start) {
		int position = start;
		while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
			position++;
		}
		int letters = 0;
		while (position < text.length() && letters < LONGEST) {
			int character = text.codePointAt(position);
			if (!Character.isLetterOrDigit(character)) {
				return (letters > 0) ? position : position + Character.charCount(character);
			}
			position += Character.charCount(character);
			letters++;
		}
		return position;
	}

}
