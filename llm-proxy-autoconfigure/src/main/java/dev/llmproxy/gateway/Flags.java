package dev.llmproxy.gateway;

import org.jspecify.annotations.Nullable;

/**
 * What feature flags say of a request. Asked on event loops, so it answers at once and
 * from what it knows; never fails. Thread-safe.
 */
public interface Flags {

	/** Whether a flag is on; {@code false} where nobody can tell. */
	boolean on(String flag, LlmRequest request);

	/**
	 * The value of a flag; {@code null} where nobody can tell.
	 * @param kind what it is expected to be
	 */
	@Nullable Object value(String flag, Kind kind, LlmRequest request);

	/**
	 * What flags say of which model of a route answers, for keys of caches; empty where
	 * no flag decides.
	 */
	default String deciding(LlmRequest request) {
		return "";
	}

	/** What a flag's value can be. */
	enum Kind {

		/** A {@link Boolean}. */
		BOOLEAN,

		/** A {@link String}, which is not empty. */
		TEXT,

		/** A {@link Double}. */
		NUMBER

	}

	/**
	 * A flag, and what it is expected to be.
	 *
	 * @param flag its name
	 */
	record Asked(String flag, Kind kind) {
	}

}
