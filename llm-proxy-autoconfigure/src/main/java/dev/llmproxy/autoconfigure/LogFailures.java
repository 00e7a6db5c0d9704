package dev.llmproxy.autoconfigure;

/** What a logging system knows of logs that it can't write. */
interface LogFailures {

	/** Whether something that is logged now goes nowhere. */
	boolean lasting();

}
