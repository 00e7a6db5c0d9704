package dev.llmproxy.autoconfigure;

/** What a logging system knows of logs that it can't write. */
interface LogFailures {

	/** Whether what was logged last went nowhere. */
	boolean lost();

}
