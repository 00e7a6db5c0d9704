package dev.llmproxy.provider;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt went.
 *
 * @param failure before the head; {@code null} if there was none
 * @param outcome of the answer; {@code null} if none began
 */
public record AttemptEnd(Kind kind, @Nullable LlmException failure, @Nullable Outcome outcome) {

	static AttemptEnd refused(LlmException refusal) {
		return new AttemptEnd(Kind.REFUSED, refusal, null);
	}

	static AttemptEnd failed(LlmException failure) {
		return new AttemptEnd(Kind.FAILED, failure, null);
	}

	static AttemptEnd cancelled(@Nullable Outcome outcome) {
		return new AttemptEnd(Kind.CANCELLED, null, outcome);
	}

	static AttemptEnd of(Outcome outcome) {
		return new AttemptEnd((outcome.error() != null) ? Kind.BROKEN : Kind.SUCCEEDED, null, outcome);
	}

	/** What went wrong, before the head or after. */
	public @Nullable LlmError error() {
		if (this.failure != null) {
			return this.failure.error();
		}
		return (this.outcome != null) ? this.outcome.error() : null;
	}

	public @Nullable Usage usage() {
		return (this.outcome != null) ? this.outcome.usage() : null;
	}

	/** The ways it can go. */
	public enum Kind {

		/** The answer is complete. */
		SUCCEEDED,

		/** There was no answer; something else may be tried. */
		FAILED,

		/** The answer broke off after it had begun. */
		BROKEN,

		/** Nobody waits any more; says nothing of the target. */
		CANCELLED,

		/** Another gate, further in, said no; the target was not called. */
		REFUSED

	}

}
