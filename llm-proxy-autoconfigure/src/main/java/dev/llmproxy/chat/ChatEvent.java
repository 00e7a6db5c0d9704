package dev.llmproxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * One step of a streamed answer. A stream is {@link Started}, any deltas,
 * {@link Finished} for each choice, at most one final {@link UsageReported}, and ends
 * with the stream itself; a failure is {@link Failed} and nothing after it. Deltas of one
 * choice arrive in the order of their parts; encoders open and close their blocks where
 * the kind (or the tool call's index) changes.
 */
public sealed interface ChatEvent {

	/**
	 * Whether it carries something the caller waits for, as opposed to life-cycle news.
	 */
	default boolean semantic() {
		return !(this instanceof Started) && !(this instanceof UsageReported);
	}

	/**
	 * The answer begins.
	 *
	 * @param created seconds since the epoch
	 */
	record Started(String id, String model, long created) implements ChatEvent {
	}

	/** An event of one of the answers that were asked for. */
	sealed interface OfChoice extends ChatEvent {

		/** The answer's number, from 0. */
		int choice();

	}

	record TextDelta(int choice, String text) implements OfChoice {
	}

	record RefusalDelta(int choice, String text) implements OfChoice {
	}

	record ReasoningDelta(int choice, String text) implements OfChoice {
	}

	/** Ends the running block of thoughts with the provider's proof. */
	record ReasoningSigned(int choice, Signature signature) implements OfChoice {
	}

	/** A block of encrypted thoughts, whole. */
	record ReasoningRedacted(int choice, Signature data) implements OfChoice {
	}

	/**
	 * A tool call begins.
	 *
	 * @param index the call's number within the choice, from 0
	 */
	record ToolCallStarted(int choice, int index, String id, String name,
			@Nullable Signature signature) implements OfChoice {
	}

	/**
	 * More of a tool call's arguments.
	 *
	 * @param arguments a fragment of JSON text; fragments of different calls may
	 * interleave
	 */
	record ToolCallDelta(int choice, int index, String arguments) implements OfChoice {
	}

	record Finished(int choice, FinishReason reason, @Nullable String stopSequence) implements OfChoice {
	}

	/**
	 * Tokens so far; a later one replaces an earlier one.
	 */
	record UsageReported(Usage usage) implements ChatEvent {
	}

	/** The provider failed after it had begun. */
	record Failed(LlmError error) implements ChatEvent {
	}

}
