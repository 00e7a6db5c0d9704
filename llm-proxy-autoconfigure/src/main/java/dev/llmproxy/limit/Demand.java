package dev.llmproxy.limit;

/**
 * What a call takes something of.
 *
 * @param subject whose quota it is, such as a caller's id
 */
public record Demand(Quota quota, String subject) {

	/** Names what is counted; the same on every node. */
	public String key() {
		return this.quota.name() + ':' + this.subject;
	}

}
