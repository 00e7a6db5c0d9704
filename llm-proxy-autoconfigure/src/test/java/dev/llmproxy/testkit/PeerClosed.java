package dev.llmproxy.testkit;

import java.time.Instant;

/**
 * The moment at which the client of a {@link ScriptedUpstream} gave up a connection.
 *
 * @param connection the number of the connection, counted from 1
 * @param how how it did so
 * @param at when the upstream saw it
 */
public record PeerClosed(int connection, How how, Instant at) {

	/** How a client leaves. */
	public enum How {

		/** It closed its side in an orderly way. */
		FIN,

		/** It reset the connection. */
		RESET,

		/** It did not accept the TLS handshake, or broke the TLS protocol. */
		TLS_FAILURE,

		/** It wrote something that is not HTTP, so the upstream gave up. */
		MALFORMED_REQUEST

	}

}
