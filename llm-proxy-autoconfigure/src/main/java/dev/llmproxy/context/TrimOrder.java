package dev.llmproxy.context;

/** Which turns are left out first. */
public enum TrimOrder {

	/** Those in the middle: how it began is kept, and what was said last. */
	MIDDLE_OUT,

	/** Those that are furthest back. */
	OLDEST_FIRST

}
