package dev.llmproxy.observability.status;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import org.jspecify.annotations.Nullable;

/** What was counted in one piece of time. Thread-safe. */
final class Slot {

	private static final int COUNTS = Count.values().length;

	private final long tick;

	private final LongAdder[] counts = new LongAdder[COUNTS];

	private final @Nullable Details details;

	/**
	 * Creates one.
	 * @param tick the number of the piece of time
	 * @param detailed whether errors and latencies are kept
	 */
	Slot(long tick, boolean detailed) {
		this.tick = tick;
		for (int i = 0; i < COUNTS; i++) {
			this.counts[i] = new LongAdder();
		}
		this.details = detailed ? new Details() : null;
	}

	long tick() {
		return this.tick;
	}

	@Nullable Details details() {
		return this.details;
	}

	void add(Count count, long amount) {
		this.counts[count.ordinal()].add(amount);
	}

	long get(Count count) {
		return this.counts[count.ordinal()].sum();
	}

	/** What is kept of minutes and not of seconds. */
	static final class Details {

		/** Instead of a bucket: there is no such time. */
		static final int NOT = -1;

		private final AtomicLongArray errors = new AtomicLongArray(ErrorKind.values().length);

		private final Latencies latency = new Latencies();

		private final Latencies firstToken = new Latencies();

		/**
		 * Counts an error and times.
		 * @param latency its bucket, or {@value #NOT}
		 * @param firstToken likewise
		 */
		void count(@Nullable LlmError error, int latency, int firstToken) {
			if (error != null) {
				this.errors.incrementAndGet(error.kind().ordinal());
			}
			if (latency != NOT) {
				this.latency.record(latency);
			}
			if (firstToken != NOT) {
				this.firstToken.record(firstToken);
			}
		}

		long errors(ErrorKind kind) {
			return this.errors.get(kind.ordinal());
		}

		Latencies latency() {
			return this.latency;
		}

		Latencies firstToken() {
			return this.firstToken;
		}

	}

}
