package dev.llmproxy.testkit;

import java.time.Instant;

/**
 * Something that happened on a connection of a {@link ScriptedUpstream}.
 *
 * @param kind what happened
 * @param detail more about it, for people to read
 * @param at when it happened
 */
public record ConnectionEvent(Kind kind, String detail, Instant at) {

	/** What can happen. */
	public enum Kind {

		/** The connection was accepted. */
		ACCEPTED,

		/** A request was read to its end. */
		REQUEST,

		/** The client wrote something that is not HTTP/1.1. */
		MALFORMED_REQUEST,

		/** A step of a script was done. */
		STEP,

		/** A write failed, mostly because the client is gone. */
		WRITE_FAILED,

		/** The client left. */
		PEER_CLOSED,

		/** The upstream closed the connection. */
		CLOSED

	}

}
