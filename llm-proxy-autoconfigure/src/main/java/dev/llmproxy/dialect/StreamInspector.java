package dev.llmproxy.dialect;

import java.nio.ByteBuffer;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Watches the frames of one streamed answer that passes through without being decoded:
 * tells life-cycle news from meaning, notices the end and the usage. It looks at bytes
 * and parses only the few frames that say something at the end. Not thread-safe.
 */
public interface StreamInspector {

	/**
	 * Looks at one whole frame.
	 * @param frame its bytes from position to limit, with the blank line; position and
	 * limit are left as they were, nothing is kept
	 */
	Kind inspect(ByteBuffer frame);

	/** Whether the answer ended as the dialect demands. */
	boolean complete();

	/**
	 * The usage the provider told, if it did. What it told before the answer was complete
	 * is an estimate: the numbers of the beginning say little of the end.
	 */
	@Nullable Usage usage();

	/** Why the answer ended; {@code null} as long as nothing told. */
	@Nullable FinishReason finish();

	/** The error that the last {@link Kind#ERROR} frame carries. */
	LlmError error();

	/** What a frame means to someone who waits for an answer. */
	enum Kind {

		/** News that commits to nothing: pings, comments, an empty first delta. */
		LIFECYCLE,

		/** Content, or the end of the answer. */
		SEMANTIC,

		/** Usage on its own, which only a caller who asked for it expects. */
		USAGE,

		/** The provider failed. */
		ERROR

	}

}
