package dev.llmproxy.observability;

import dev.llmproxy.chat.LlmError;
import org.jspecify.annotations.Nullable;

/** The values of {@code error.type}. */
final class ErrorTypes {

	/** Prometheus wants every series of a meter to have the same labels. */
	static final String NONE = "none";

	static final String CANCELLED = "cancelled";

	private ErrorTypes() {
	}

	static String of(@Nullable LlmError error) {
		return (error != null) ? error.kind().label() : NONE;
	}

}
