package dev.llmproxy.provider;

import dev.llmproxy.gateway.LlmRequest;
import org.jspecify.annotations.Nullable;

/**
 * One try to have a request served by one target.
 *
 * @param number counts the attempts of a request, from 1
 * @param timeouts the route's clocks; {@code null} for the provider's own. Connecting is
 * the provider's matter all the same, because attempts share connections
 * @param route the name of the route that it is made for
 */
public record Attempt(LlmRequest request, Target target, int number, Kind kind, @Nullable Timeouts timeouts,
		String route) {

	/** A first attempt with the provider's own clocks. */
	public Attempt(LlmRequest request, Target target) {
		this(request, target, 1, Kind.FIRST, null, request.model());
	}

	/** The same attempt with another request. */
	public Attempt withRequest(LlmRequest request) {
		return new Attempt(request, this.target, this.number, this.kind, this.timeouts, this.route);
	}

	/** The clocks that apply to it, where the provider's own are these. */
	Timeouts timeoutsOr(Timeouts own) {
		return (this.timeouts != null) ? this.timeouts : own;
	}

	/** Why an attempt is made. */
	public enum Kind {

		FIRST("first"),

		/** The same target again, after a wait or with another credential. */
		RETRY("retry"),

		/** Another target, because one failed. */
		FALLBACK("fallback"),

		/** Another target, because the first takes long. */
		HEDGE("hedge"),

		/** A copy of a request whose answer nobody waits for. */
		MIRROR("mirror");

		private final String label;

		Kind(String label) {
			this.label = label;
		}

		/** For logs, metrics and headers. */
		public String label() {
			return this.label;
		}

	}

}
