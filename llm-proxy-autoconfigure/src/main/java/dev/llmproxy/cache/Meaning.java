package dev.llmproxy.cache;

/**
 * What a question means: its last words as a vector, among questions that are the same in
 * all else. Nobody writes the array.
 *
 * @param partition digest of everything but the words: who asks, what, and what makes the
 * vectors
 * @param tenant whom answers are for
 * @param model as the caller named it
 * @param vector of length 1, or of zeros where a direction can't be told
 */
public record Meaning(CacheKey partition, String tenant, String model, float[] vector) {

	/** Cosine similarity, as both are of length 1. */
	static double similarity(float[] one, float[] other) {
		if (one.length != other.length) {
			return -1;
		}
		double product = 0;
		for (int i = 0; i < one.length; i++) {
			product += (double) one[i] * other[i];
		}
		return product;
	}

	static float[] normalized(float[] vector) {
		double square = 0;
		for (float value : vector) {
			square += (double) value * value;
		}
		double length = Math.sqrt(square);
		float[] normalized = new float[vector.length];
		for (int i = 0; i < vector.length; i++) {
			normalized[i] = (length > 0 && Double.isFinite(length)) ? (float) (vector[i] / length) : 0;
		}
		return normalized;
	}

}
