package dev.llmproxy.cache;

import dev.llmproxy.gateway.LlmResponse;
import org.jspecify.annotations.Nullable;

/**
 * How a question was answered.
 *
 * @param known an answer from a store; {@code null} if there was none
 * @param response what a provider answered; {@code null} if none was asked
 * @param first whether it is given to the one who asked first, and who pays for it
 */
record Arrival(@Nullable KeptAnswer known, @Nullable LlmResponse response, boolean first) {

	Arrival to(boolean first) {
		return new Arrival(this.known, this.response, first);
	}

}
