package dev.llmproxy.provider.simulator;

import java.util.Locale;

/**
 * Vectors of texts that are a little like embeddings: texts that share words, or parts of
 * words, are closer to each other than others. Each word is hashed to a few places of the
 * vector (a sparse random projection of the bag of words).
 */
final class WordVectors {

	/** What goes beyond is not looked at; real models refuse texts of that length. */
	private static final int LONGEST = 40_000;

	private static final int PLACES = 12;

	private static final float PART = 0.25f;

	private WordVectors() {
	}

	/** The vector of a text, of length 1. */
	static float[] of(String text, int dimensions) {
		float[] vector = new float[dimensions];
		String words = text.substring(0, Math.min(text.length(), LONGEST)).toLowerCase(Locale.ROOT);
		int start = 0;
		for (int i = 0; i <= words.length(); i++) {
			if (i == words.length() || !Character.isLetterOrDigit(words.charAt(i))) {
				addWord(vector, words, start, i);
				start = i + 1;
			}
		}
		// Whatever has no words at all still has a vector, and one of its own.
		add(vector, Hash.of(words), PART);
		normalise(vector);
		return vector;
	}

	private static void addWord(float[] vector, String text, int start, int end) {
		if (start == end) {
			return;
		}
		add(vector, Hash.of(text, start, end), 1);
		for (int i = start; i + 3 <= end; i++) {
			add(vector, ~Hash.of(text, i, i + 3), PART);
		}
	}

	private static void add(float[] vector, long hash, float weight) {
		long random = hash;
		for (int i = 0; i < PLACES; i++) {
			random = Hash.next(random);
			int place = (int) Long.remainderUnsigned(random >>> 1, vector.length);
			vector[place] += ((random & 1) == 0) ? weight : -weight;
		}
	}

	private static void normalise(float[] vector) {
		double squares = 0;
		for (float value : vector) {
			squares += (double) value * value;
		}
		if (squares == 0) {
			// The places cancelled each other out, as they may in a very short vector.
			vector[0] = 1;
			return;
		}
		double length = Math.sqrt(squares);
		for (int i = 0; i < vector.length; i++) {
			vector[i] = (float) (vector[i] / length);
		}
	}

}
