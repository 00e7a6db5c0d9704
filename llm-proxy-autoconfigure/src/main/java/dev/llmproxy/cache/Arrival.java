package dev.llmproxy.cache;

import dev.llmproxy.gateway.LlmResponse;
import org.jspecify.annotations.Nullable;

/**
 * How a question was answered.
 *
 * @param known an answer from a store; {@code null} if there was none
 * @param similarity of the question that the known answer is to; 1 for the very same
 * @param response what a provider answered; {@code null} if none was asked
 * @param meaning of the question; {@code null} where that is not looked at
 * @param first whether it is given to the one who asked first, and who pays for it
 */
record Arrival(@Nullable KeptAnswer known, double similarity, @Nullable LlmResponse response, @Nullable Meaning meaning,
		boolean first) {

	static Arrival of(KeptAnswer known) {
		return new Arrival(known, 1, null, null, true);
	}

	static Arrival of(Semantics.Similar similar) {
		// Rounding makes no two questions the same.
		return new Arrival(similar.answer(), Math.min(similar.similarity(), 0.9999), null, null, true);
	}

	static Arrival of(LlmResponse response, @Nullable Meaning meaning) {
		return new Arrival(null, 1, response, meaning, true);
	}

	Arrival to(boolean first) {
		return new Arrival(this.known, this.similarity, this.response, this.meaning, first);
	}

	Arrival with(LlmResponse response) {
		return new Arrival(null, 1, response, this.meaning, this.first);
	}

	/** Whether another question was answered. */
	boolean similar() {
		return this.similarity < 1;
	}

}
