package dev.llmproxy.dialect.gemini;

import java.util.BitSet;

import dev.llmproxy.dialect.DecodingException;
import tools.jackson.databind.JsonNode;

/**
 * How far a streamed answer has come. There is no closing frame: it is complete when
 * every candidate that was begun has a reason to be finished, or the prompt was blocked.
 */
final class GeminiProgress {

	/** Far more than the API's eight. */
	private static final int MOST_CANDIDATES = 128;

	private final BitSet begun = new BitSet();

	private final BitSet finished = new BitSet();

	private boolean blocked;

	void observe(JsonNode chunk) {
		for (JsonNode candidate : chunk.path("candidates")) {
			int index = index(candidate);
			this.begun.set(index);
			if (GeminiFinish.of(candidate) != null) {
				this.finished.set(index);
			}
		}
		this.blocked |= GeminiFinish.isBlocked(chunk);
	}

	static int index(JsonNode candidate) {
		int index = candidate.path("index").asInt(0);
		if (index < 0 || index >= MOST_CANDIDATES) {
			throw new DecodingException("a candidate's index is out of bounds");
		}
		return index;
	}

	boolean finished(int candidate) {
		return this.finished.get(candidate);
	}

	/** Whether nothing came but word that the prompt was blocked. */
	boolean refused() {
		return this.blocked && this.begun.isEmpty();
	}

	boolean complete() {
		return refused() || (!this.begun.isEmpty() && this.begun.cardinality() == this.finished.cardinality());
	}

}
