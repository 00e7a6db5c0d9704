package dev.llmproxy.provider;

import java.util.Locale;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt went. Immutable apart from the memoized {@link #usage()}.
 */
public final class AttemptEnd {

	private final Attempt attempt;

	private final Kind kind;

	private final @Nullable LlmException failure;

	private final @Nullable Outcome outcome;

	private @Nullable Usage usage;

	private AttemptEnd(Attempt attempt, Kind kind, @Nullable LlmException failure, @Nullable Outcome outcome) {
		this.attempt = attempt;
		this.kind = kind;
		this.failure = failure;
		this.outcome = outcome;
	}

	/** Another gate refused. */
	public static AttemptEnd refused(Attempt attempt, LlmException refusal) {
		return new AttemptEnd(attempt, Kind.REFUSED, refusal, null);
	}

	/** There was no answer. */
	public static AttemptEnd failed(Attempt attempt, LlmException failure) {
		return new AttemptEnd(attempt, Kind.FAILED, failure, null);
	}

	/** Nobody waits any more; {@code null} if no answer had begun. */
	public static AttemptEnd cancelled(Attempt attempt, @Nullable Outcome outcome) {
		return new AttemptEnd(attempt, Kind.CANCELLED, null, outcome);
	}

	/** The answer ended, complete or not. */
	public static AttemptEnd of(Attempt attempt, Outcome outcome) {
		return new AttemptEnd(attempt, (outcome.error() != null) ? Kind.BROKEN : Kind.SUCCEEDED, null, outcome);
	}

	public Kind kind() {
		return this.kind;
	}

	/** What failed before the head; {@code null} if nothing did. */
	public @Nullable LlmException failure() {
		return this.failure;
	}

	/** Of the answer; {@code null} if none began. */
	public @Nullable Outcome outcome() {
		return this.outcome;
	}

	/** What went wrong, before the head or after. */
	public @Nullable LlmError error() {
		if (this.failure != null) {
			return this.failure.error();
		}
		return (this.outcome != null) ? this.outcome.error() : null;
	}

	/**
	 * The tokens to be charged: as the provider told, or estimated, which the usage says.
	 * Computed on the first call.
	 * @return {@code null} where there is nothing to charge: the attempt failed, or it is
	 * about something else than tokens
	 */
	public @Nullable Usage usage() {
		if (this.usage == null) {
			this.usage = switch (this.kind) {
				case SUCCEEDED, BROKEN, CANCELLED -> UsageSettlement.of(this.attempt.request(), this.outcome);
				case FAILED, REFUSED -> null;
			};
		}
		return this.usage;
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
		REFUSED;

		private final String label = name().toLowerCase(Locale.ROOT);

		/** The word for it in spans and events. */
		public String label() {
			return this.label;
		}

	}

}
