package dev.llmproxy.provider;

/**
 * The connections to a provider at some moment.
 *
 * @param active that serve a call or are being made
 * @param idle that wait for the next call
 * @param pending calls that wait for a connection
 */
public record Connections(int active, int idle, int pending) {

	/** Both together. */
	Connections and(Connections other) {
		return new Connections(this.active + other.active, this.idle + other.idle, this.pending + other.pending);
	}

}
