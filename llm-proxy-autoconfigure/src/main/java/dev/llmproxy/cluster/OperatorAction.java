package dev.llmproxy.cluster;

import java.util.Locale;

/** What an operator may say that is meant for all nodes. */
public enum OperatorAction {

	/** Takes a provider out. */
	DISABLE("provider", true),

	/** Puts a provider back. */
	ENABLE("provider", false),

	/** Has one provider serve everything. */
	FORCE("forced", true),

	/** Has no provider serve everything any more. */
	UNFORCE("forced", false),

	/** Opens a breaker until it is closed or reset. */
	FORCE_OPEN("breaker", true),

	/** Closes a breaker. */
	CLOSE("breaker", false),

	/** Closes a breaker, forgets what it counted, and ends the target's rest. */
	RESET("breaker", false),

	/** Has the configuration read anew. */
	RELOAD("reload", false);

	private final String place;

	private final boolean standing;

	OperatorAction(String place, boolean standing) {
		this.place = place;
		this.standing = standing;
	}

	/** Its name in messages and events. */
	public String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Whether it holds until something else is said, and so for nodes that start later.
	 */
	public boolean standing() {
		return this.standing;
	}

	/** Whether it is about one breaker. */
	public boolean ofBreakers() {
		return this.place.equals("breaker");
	}

	/** Of everything that is said in one place the last counts. */
	String place(String subject) {
		return (this == RELOAD || this == FORCE || this == UNFORCE) ? this.place : this.place + ' ' + subject;
	}

}
