package dev.llmproxy.testkit.fake;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Locale;

/**
 * Vectors of length one that are near each other if texts share words: enough meaning for
 * a test of similarity, and the same each time.
 */
final class Embeddings {

	static final int DIMENSIONS = 256;

	private Embeddings() {
	}

	static float[] of(String text, int dimensions) {
		double[] sums = new double[dimensions];
		for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
			int hash = word.hashCode() * 0x9E3779B9;
			sums[Math.floorMod(hash >>> 8, dimensions)] += ((hash & 1) == 0) ? 1 : -1;
		}
		double square = 0;
		for (double sum : sums) {
			square += sum * sum;
		}
		if (square == 0) {
			sums[0] = 1;
			square = 1;
		}
		float[] vector = new float[dimensions];
		for (int i = 0; i < dimensions; i++) {
			vector[i] = (float) (sums[i] / Math.sqrt(square));
		}
		return vector;
	}

	/** Little-endian 32-bit floats, as OpenAI encodes them. */
	static String base64(float[] vector) {
		ByteBuffer buffer = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		for (float value : vector) {
			buffer.putFloat(value);
		}
		return Base64.getEncoder().encodeToString(buffer.array());
	}

}
