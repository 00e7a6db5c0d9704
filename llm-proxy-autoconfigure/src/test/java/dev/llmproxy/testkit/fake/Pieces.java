package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts answers into the deltas of a stream. */
final class Pieces {

	private static final Pattern WORD = Pattern.compile("\\s*\\S+|\\s+$");

	private Pieces() {
	}

	/** The words of a text, each with the blanks before it; joined they are the text. */
	static List<String> words(String text) {
		List<String> words = new ArrayList<>();
		Matcher matcher = WORD.matcher(text);
		while (matcher.find()) {
			words.add(matcher.group());
		}
		return words;
	}

	/** Pieces of so many characters that break anything but a surrogate pair. */
	static List<String> of(String text, int size) {
		List<String> pieces = new ArrayList<>();
		int from = 0;
		while (from < text.length()) {
			int to = Math.min(text.length(), from + size);
			if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
				to++;
			}
			pieces.add(text.substring(from, to));
			from = to;
		}
		return pieces;
	}

}
