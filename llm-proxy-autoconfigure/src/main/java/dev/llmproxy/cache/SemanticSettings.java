package dev.llmproxy.cache;

import java.time.Duration;

/**
 * When an answer to another question will do.
 *
 * @param threshold the least cosine similarity of two questions, above 0 and up to 1
 * @param verifyPercent of such answers that are compared with what the model says, 0 to
 * 100
 * @param agreement the least cosine similarity of two answers that agree
 * @param maxQuestions that are remembered, the most recently used ones
 * @param deadline for a vector; after that the question is asked of the model
 */
public record SemanticSettings(double threshold, double verifyPercent, double agreement, int maxQuestions,
		Duration deadline) {

	public SemanticSettings {
		if (!(threshold > 0 && threshold <= 1) || !(agreement > 0 && agreement <= 1)) {
			throw new IllegalArgumentException("threshold and agreement must be above 0, and 1 at the most");
		}
		if (!(verifyPercent >= 0 && verifyPercent <= 100)) {
			throw new IllegalArgumentException("verify-percent must be between 0 and 100");
		}
		if (maxQuestions <= 0 || deadline.isNegative() || deadline.isZero()) {
			throw new IllegalArgumentException("max-questions and deadline must be positive");
		}
	}

}
