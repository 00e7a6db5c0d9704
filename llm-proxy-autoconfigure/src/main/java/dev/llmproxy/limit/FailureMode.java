package dev.llmproxy.limit;

/** What happens to calls while the shared counts can't be had. */
public enum FailureMode {

	/** Each node counts for itself, up to its share of the limit. */
	LOCAL,

	/** They are admitted and not counted. */
	OPEN,

	/** They are refused. */
	CLOSED

}
