package dev.llmproxy.access;

/** From where callers without a key are let in. */
public enum AnonymousAccess {

	/** From nowhere. */
	NONE,

	/**
	 * From this machine, and only where nothing hints that somebody further away calls by
	 * way of it: a reverse proxy or a page in a browser.
	 */
	LOCAL,

	/** From everywhere. */
	ANYWHERE

}
