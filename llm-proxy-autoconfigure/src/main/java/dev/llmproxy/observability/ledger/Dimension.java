package dev.llmproxy.observability.ledger;

import java.util.Locale;

/** By what spending can be told apart, and looked for. */
public enum Dimension {

	CALLER, TEAM, MODEL, PROVIDER, ROUTE;

	private final String label = name().toLowerCase(Locale.ROOT);

	/** As it is called in queries and reports. */
	public String label() {
		return this.label;
	}

	/** What an entry has of it; empty for nothing. */
	public String of(LedgerEntry entry) {
		return switch (this) {
			case CALLER -> entry.caller();
			case TEAM -> (entry.team() != null) ? entry.team() : "";
			case MODEL -> entry.model();
			case PROVIDER -> entry.provider();
			case ROUTE -> entry.route();
		};
	}

}
