package dev.llmproxy.limit;

/** What can be limited. */
public enum Limited {

	REQUESTS("requests"), TOKENS("tokens"), CONCURRENCY("concurrent_requests");

	private final String label;

	Limited(String label) {
		this.label = label;
	}

	/** For headers, metrics and messages. */
	public String label() {
		return this.label;
	}

}
