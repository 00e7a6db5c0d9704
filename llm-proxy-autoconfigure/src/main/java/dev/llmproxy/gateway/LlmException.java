package dev.llmproxy.gateway;

import java.time.Duration;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;

import org.jspecify.annotations.Nullable;

/**
 * A call failed. Mapped once where the failure happens and rendered once in the caller's
 * dialect; carries no stack trace, because it is an answer and not a bug.
 */
public final class LlmException extends RuntimeException {

	private final LlmError error;

	private final @Nullable Upstream upstream;

	private final @Nullable Duration retryAfter;

	public LlmException(LlmError error) {
		this(error, null, null);
	}

	public LlmException(ErrorKind kind, String message) {
		this(new LlmError(kind, message));
	}

	public LlmException(LlmError error, @Nullable Upstream upstream, @Nullable Duration retryAfter) {
		super(error.message(), null, false, false);
		this.error = error;
		this.upstream = upstream;
		this.retryAfter = retryAfter;
	}

	public LlmError error() {
		return this.error;
	}

	public ErrorKind kind() {
		return this.error.kind();
	}

	/** What the provider said, if it was the provider that refused. */
	public @Nullable Upstream upstream() {
		return this.upstream;
	}

	/** How long the provider, or we, ask the caller to wait. */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

	/** The status to answer with: the provider's own where the caller can use it. */
	public int status() {
		if (this.upstream != null && this.upstream.presentable() && this.upstream.status() >= 400
				&& this.error.kind() != ErrorKind.UPSTREAM_AUTHENTICATION) {
			return this.upstream.status();
		}
		return this.error.kind().status();
	}

	/**
	 * A provider's refusal as it came.
	 *
	 * @param status its HTTP status
	 * @param dialect the dialect of the body
	 * @param body the bytes, bounded by the transport
	 * @param presentable whether status and body may be shown to a caller of that dialect
	 */
	public record Upstream(int status, Dialect dialect, byte[] body, boolean presentable) {
	}

}
