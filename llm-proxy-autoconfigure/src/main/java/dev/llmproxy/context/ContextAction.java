package dev.llmproxy.context;

import java.util.Locale;

/** What was done to a conversation. */
public enum ContextAction {

	REJECTED,

	TRIMMED,

	/** Trimmed because no summary could be had. */
	TRIMMED_INSTEAD,

	SUMMARISED,

	FALLBACK;

	private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/** For the header and for metrics. */
	public String label() {
		return this.label;
	}

}
