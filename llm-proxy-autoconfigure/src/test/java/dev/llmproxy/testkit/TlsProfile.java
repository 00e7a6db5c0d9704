package dev.llmproxy.testkit;

/** What is right or wrong with the TLS of a {@link ScriptedUpstream}. */
public enum TlsProfile {

	/**
	 * A certificate for {@code localhost} and {@code 127.0.0.1}, signed by the authority.
	 */
	VALID,

	/** A certificate for another host, signed by the authority. */
	WRONG_HOST,

	/**
	 * A certificate for {@code localhost} that ended years ago, signed by the authority.
	 */
	EXPIRED,

	/** A certificate for {@code localhost} that only vouches for itself. */
	SELF_SIGNED,

	/** The server reads the client's hello and never answers it. */
	STALLED_HANDSHAKE

}
