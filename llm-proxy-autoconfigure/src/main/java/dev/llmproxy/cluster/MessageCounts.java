package dev.llmproxy.cluster;

import java.util.concurrent.atomic.LongAdder;

/** Counts what nodes tell each other, by what became of it. Thread-safe. */
public final class MessageCounts {

	private final LongAdder[][] counts = new LongAdder[Kind.values().length][Outcome.values().length];

	public MessageCounts() {
		for (LongAdder[] row : this.counts) {
			for (int i = 0; i < row.length; i++) {
				row[i] = new LongAdder();
			}
		}
	}

	/** One more. */
	public void count(Kind kind, Outcome outcome) {
		add(kind, outcome, 1);
	}

	/** Some more. */
	public void add(Kind kind, Outcome outcome, long number) {
		this.counts[kind.ordinal()][outcome.ordinal()].add(number);
	}

	/** How many there were. */
	public long get(Kind kind, Outcome outcome) {
		return this.counts[kind.ordinal()][outcome.ordinal()].sum();
	}

	/** What it is about. */
	public enum Kind {

		REST, OPENED, CHANGE,

		/** It is no message of ours. */
		UNKNOWN;

		/** What a message is about. */
		public static Kind of(NodeMessage message) {
			if (message instanceof NodeMessage.Rest) {
				return REST;
			}
			return (message instanceof NodeMessage.Opened) ? OPENED : CHANGE;
		}

	}

	/** What became of it. */
	public enum Outcome {

		/** The others were told. */
		TOLD,

		/** They were not, because Redis did not answer or too much was to be told. */
		DROPPED,

		/** Another node told it, and it was of use. */
		HEARD,

		/** Another node told it, and it is old, or about an account that is not ours. */
		IGNORED,

		/** It can't be read. */
		INVALID

	}

}
