package dev.llmproxy.test;

/** What a cassette is used for. */
public enum CassetteMode {

	/**
	 * Providers are called, and their answers are written down in place of older ones.
	 */
	RECORD,

	/** What was written down is answered, and no provider is called. */
	REPLAY,

	/** Providers are called; nothing is read or written. */
	NONE

}
