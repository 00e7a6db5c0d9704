package dev.llmproxy.testkit.fake;

/** How a fake provider breaks a stream. */
public enum StreamEnding {

	/** Closes the connection inside the chunked body. */
	FIN,

	/** Resets the connection. */
	RESET,

	/** Sends nothing more and keeps the connection open. */
	STALL,

	/** Ends the body properly, without the events that end the answer. */
	SILENT_END,

	/** Sends the provider's error event, then ends the body properly. */
	ERROR

}
