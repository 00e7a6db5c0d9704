package dev.llmproxy.cluster;

import java.time.Duration;

/**
 * What one node tells the others. There is neither a key nor a prompt in it: names of
 * targets and providers, digests, times, and who did something.
 */
public sealed interface NodeMessage {

	/** What one node has seen, and the others may go by. */
	sealed interface Hint extends NodeMessage {

		/** The target's id. */
		String target();

		/**
		 * A digest of the account, the place and the model: what is true of another one
		 * of the same name is not true here.
		 */
		String identity();

		/** For how long it holds. */
		Duration length();

		/** The same, of which so much is left. */
		Hint lasting(Duration left);

	}

	/**
	 * A target rests.
	 *
	 * @param known whether its provider said so; otherwise it is a guess
	 */
	record Rest(String target, String identity, Duration length, boolean known) implements Hint {

		@Override
		public Rest lasting(Duration left) {
			return new Rest(this.target, this.identity, left, this.known);
		}

	}

	/** The breaker of a target opened. */
	record Opened(String target, String identity, Duration length) implements Hint {

		@Override
		public Opened lasting(Duration left) {
			return new Opened(this.target, this.identity, left);
		}

	}

	/**
	 * An operator said something.
	 *
	 * @param subject the provider or the target; empty where there is none
	 * @param actor who it was
	 */
	record Change(OperatorAction action, String subject, String actor) implements NodeMessage {

		/** Of changes in one place only the last counts. */
		public String place() {
			return this.action.place(this.subject);
		}

	}

}
