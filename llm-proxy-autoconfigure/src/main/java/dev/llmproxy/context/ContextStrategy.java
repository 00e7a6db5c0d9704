package dev.llmproxy.context;

/** What happens to a conversation that is too long. */
public enum ContextStrategy {

	/** Nothing: the provider decides. */
	NONE,

	/** It is refused, with the numbers. */
	REJECT,

	/** Old turns are left out. */
	TRIM,

	/** A summary that a model wrote takes the place of old turns. */
	SUMMARISE,

	/** It is sent to another model, which has a larger window. */
	FALLBACK

}
