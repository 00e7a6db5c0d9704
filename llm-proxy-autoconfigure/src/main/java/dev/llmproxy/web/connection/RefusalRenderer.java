package dev.llmproxy.web.connection;

import dev.llmproxy.chat.LlmError;
import org.jspecify.annotations.Nullable;

/** Puts a refusal into the words of the caller's dialect. Thread-safe. */
@FunctionalInterface
public interface RefusalRenderer {

	/**
	 * Renders a refusal.
	 * @param path the path that was asked for, raw; empty where it could not be read
	 * @param requestId the id that the caller chose, unchecked
	 * @param status the HTTP status
	 */
	Rendered render(String path, @Nullable String requestId, int status, LlmError error);

	/**
	 * A rendered refusal.
	 *
	 * @param requestId the id to tell the caller
	 * @param body JSON
	 */
	record Rendered(String requestId, byte[] body) {
	}

}
