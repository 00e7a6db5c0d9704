package dev.llmproxy.dialect.openai;

import java.time.Instant;
import dev.llmproxy.dialect.RandomIds;

/** What OpenAI's answers always have and those of other providers may lack. */
final class OpenAiIds {

	private OpenAiIds() {
	}

	/** The provider's identifier, or a new one. */
	static String orNew(String id, String prefix) {
		return id.isEmpty() ? RandomIds.next(prefix) : id;
	}

	/** The time that the provider told, or now; seconds since the epoch. */
	static long orNow(long created) {
		return (created > 0) ? created : Instant.now().getEpochSecond();
	}

}
