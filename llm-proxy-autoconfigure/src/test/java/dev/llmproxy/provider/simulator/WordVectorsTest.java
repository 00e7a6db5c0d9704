package dev.llmproxy.provider.simulator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Vectors that are a little like embeddings. */
class WordVectorsTest {

	private static final int DIMENSIONS = 1536;

	@ParameterizedTest
	@ValueSource(strings = { "", "?!", "a", "The cat sat on the mat", "日本" })
	void haveTheLengthOne(String text) {
		for (int dimensions : new int[] { 1, 2, 3, 256, DIMENSIONS }) {
			float[] vector = WordVectors.of(text, dimensions);
			assertThat(vector).hasSize(dimensions);
			assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5));
		}
	}

	@Test
	void areTheSameForTheSameText() {
		assertThat(WordVectors.of("Hello", DIMENSIONS)).isEqualTo(WordVectors.of("Hello", DIMENSIONS));
	}

	@Test
	void areCloserForTextsThatShareWords() {
		double same = similarity("The cat sat on the mat", "the CAT sat, on the mat.");
		double close = similarity("The cat sat on the mat", "A cat lay on the mat");
		double related = similarity("The cat sat on the mat", "Cats and mats");
		double foreign = similarity("The cat sat on the mat", "Quarterly revenue grew by half");
		assertThat(same).isGreaterThan(0.99);
		assertThat(close).isBetween(0.4, 0.95);
		assertThat(related).isBetween(foreign + 0.02, close);
		assertThat(foreign).isBetween(-0.2, 0.2);
	}

	@Test
	void differForTextsWithoutWords() {
		assertThat(similarity("?", "!")).isLessThan(0.9);
	}

	private static double similarity(String one, String other) {
		return cosine(WordVectors.of(one, DIMENSIONS), WordVectors.of(other, DIMENSIONS));
	}

	private static double cosine(float[] one, float[] other) {
		double sum = 0;
		for (int i = 0; i < one.length; i++) {
			sum += (double) one[i] * other[i];
		}
		return sum;
	}

}
