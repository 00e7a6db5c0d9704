package dev.llmproxy.dialect.bedrock;

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Names of the documents of one request. The API demands one for each, no two alike, of
 * letters, digits, single spaces, hyphens, parentheses and square brackets.
 */
final class BedrockDocumentNames {

	/** In characters; the API allowed 64 at first and 200 later. */
	private static final int LONGEST = 64;

	private static final int LONGEST_NUMBER = 8;

	private final Set<String> taken = new HashSet<>();

	/** The next document's name. */
	String next(@Nullable String filename, String format) {
		String base = legal(filename, format);
		String name = base;
		for (int number = 2; !this.taken.add(name); number++) {
			name = base + " (" + number + ")";
		}
		return name;
	}

	private static String legal(@Nullable String filename, String format) {
		if (filename == null) {
			return "document";
		}
		String name = filename;
		// The format says it already.
		if (BedrockMedia.extension(name).equals(format)) {
			name = name.substring(0, name.length() - format.length() - 1);
		}
		name = name.replaceAll("[^a-zA-Z0-9\\s()\\[\\]-]+", "-").replaceAll("\\s+", " ").strip();
		name = name.substring(0, Math.min(LONGEST - LONGEST_NUMBER, name.length())).strip();
		return name.isEmpty() ? "document" : name;
	}

}
