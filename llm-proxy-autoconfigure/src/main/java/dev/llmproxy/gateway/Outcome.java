package dev.llmproxy.gateway;

import java.util.List;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an answer once its body ended. Whoever produces the body writes it
 * before the terminal signal; whoever watches the body reads it after. A stream may end
 * without a usage: then nobody told.
 */
public final class Outcome {

	private volatile @Nullable Usage usage;

	private volatile @Nullable FinishReason finish;

	private volatile @Nullable LlmError error;

	private volatile List<AttemptRecord> attempts = List.of();

	private volatile boolean free;

	private volatile long producedFrames;

	private volatile long producedBytes;

	public @Nullable Usage usage() {
		return this.usage;
	}

	public void usage(@Nullable Usage usage) {
		this.usage = usage;
	}

	/** Why the model stopped; {@code null} if nobody told. */
	public @Nullable FinishReason finish() {
		return this.finish;
	}

	public void finish(@Nullable FinishReason finish) {
		this.finish = finish;
	}

	/** The failure that ended an answer which had already begun. */
	public @Nullable LlmError error() {
		return this.error;
	}

	public void error(LlmError error) {
		this.error = error;
	}

	/** How the answer came to be; the attempt that gave it is the last. */
	public List<AttemptRecord> attempts() {
		return this.attempts;
	}

	public void attempts(List<AttemptRecord> attempts) {
		this.attempts = List.copyOf(attempts);
	}

	/** Whether no provider was asked for this answer, so that nobody pays for it. */
	public boolean free() {
		return this.free;
	}

	public void free(boolean free) {
		this.free = free;
	}

	/** Frames with content that came, for estimates; 0 if the answer was no stream. */
	public long producedFrames() {
		return this.producedFrames;
	}

	/** Bytes of these frames, or of the whole answer. */
	public long producedBytes() {
		return this.producedBytes;
	}

	public void produced(long frames, long bytes) {
		this.producedFrames = frames;
		this.producedBytes = bytes;
	}

}
