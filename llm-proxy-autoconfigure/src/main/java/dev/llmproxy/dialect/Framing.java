package dev.llmproxy.dialect;

/** How the bytes of a body are cut into messages. */
public enum Framing {

	/** One JSON document. */
	JSON,

	/** Server-sent events. */
	SSE,

	/** {@code application/vnd.amazon.eventstream}. */
	AWS_EVENT_STREAM,

	/** Anything else, such as audio; never looked into. */
	BINARY

}
