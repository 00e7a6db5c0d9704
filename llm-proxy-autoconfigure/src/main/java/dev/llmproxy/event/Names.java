package dev.llmproxy.event;

import dev.llmproxy.chat.LlmError;
import org.jspecify.annotations.Nullable;

/** Names as events have them. */
final class Names {

	/**
	 * No model has a longer name, and no event becomes larger because a caller says so.
	 */
	private static final int LONGEST = 128;

	private Names() {
	}

	static String cut(String name) {
		return (name.length() <= LONGEST) ? name : name.substring(0, LONGEST) + "…";
	}

	static @Nullable String cutIfAny(@Nullable String name) {
		return (name != null) ? cut(name) : null;
	}

	/** Of an error only its kind: code and message may be a provider's own words. */
	static @Nullable String kind(@Nullable LlmError error) {
		return (error != null) ? error.kind().label() : null;
	}

}
