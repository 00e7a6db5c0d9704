package dev.llmproxy.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** One thing a {@link Script} does. Framing is already part of the bytes. */
sealed interface Step {

	/** Writes and flushes these bytes with one call. */
	record Write(byte[] bytes) implements Step {

		@Override
		public String toString() {
			return "write " + this.bytes.length + " bytes";
		}

	}

	/** Waits, or until the peer has left. */
	record Pause(Duration duration) implements Step {
	}

	/** Waits until the latch is released, or the peer has left. */
	record Await(Supplier<CountDownLatch> latch) implements Step {

		@Override
		public String toString() {
			return "await";
		}

	}

	/** Waits until the peer has left. */
	record Stall() implements Step {
	}

	/** Ends the connection. */
	record End(Ending ending) implements Step {
	}

	/** How a connection ends. */
	enum Ending {

		/** A TCP RST. */
		RESET,

		/** A TCP FIN, reading goes on; under TLS without a close_notify. */
		FIN,

		/** An orderly end of output (close_notify under TLS), reading goes on. */
		END_OF_OUTPUT

	}

}
