package dev.llmproxy.gateway;

import java.time.Duration;
import java.util.List;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * A call failed. Mapped once where the failure happens and rendered once in the caller's
 * dialect; carries no stack trace, because it is an answer and not a bug.
 */
public final class LlmException extends RuntimeException {

	private final LlmError error;

	private final @Nullable Upstream upstream;

	private final @Nullable Duration retryAfter;

	private final Origin origin;

	private final List<AttemptRecord> attempts;

	private final HttpHeaders headers;

	public LlmException(LlmError error) {
		this(error, null, null);
	}

	public LlmException(ErrorKind kind, String message) {
		this(new LlmError(kind, message));
	}

	public LlmException(LlmError error, @Nullable Upstream upstream, @Nullable Duration retryAfter) {
		this(error, upstream, retryAfter, (upstream != null) ? Origin.ANSWER : Origin.GATEWAY);
	}

	private LlmException(LlmError error, @Nullable Upstream upstream, @Nullable Duration retryAfter, Origin origin) {
		this(error, upstream, retryAfter, origin, List.of(), HttpHeaders.EMPTY);
	}

	private LlmException(LlmError error, @Nullable Upstream upstream, @Nullable Duration retryAfter, Origin origin,
			List<AttemptRecord> attempts, HttpHeaders headers) {
		super(error.message(), null, false, false);
		this.error = error;
		this.upstream = upstream;
		this.retryAfter = retryAfter;
		this.origin = origin;
		this.attempts = List.copyOf(attempts);
		this.headers = headers;
	}

	/** No connection to the provider could be had; nothing was sent. */
	public static LlmException connect(LlmError error) {
		return new LlmException(error, null, null, Origin.CONNECT);
	}

	/** The provider may have got the request, and gave no answer that can be used. */
	public static LlmException exchange(LlmError error) {
		return new LlmException(error, null, null, Origin.EXCHANGE);
	}

	/** The provider said so in words of its dialect, with a status of success. */
	public static LlmException answer(LlmError error) {
		return new LlmException(error, null, null, Origin.ANSWER);
	}

	/** We refuse, and say when to come again. */
	public static LlmException refusal(LlmError error, @Nullable Duration retryAfter) {
		return new LlmException(error, null, retryAfter, Origin.GATEWAY);
	}

	/**
	 * A failure as one of these; anything else is a bug of ours, of which nothing is
	 * told.
	 */
	public static LlmException known(Throwable failure) {
		return (failure instanceof LlmException known) ? known : new LlmException(
				new LlmError(ErrorKind.INTERNAL, "The attempt failed unexpectedly.", "internal_error", null));
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

	/** How far the call had got. */
	public Origin origin() {
		return this.origin;
	}

	/** The attempts that all failed; empty where there was none, or nobody kept count. */
	public List<AttemptRecord> attempts() {
		return this.attempts;
	}

	/** The same failure, with what was tried. */
	public LlmException withAttempts(List<AttemptRecord> attempts) {
		return new LlmException(this.error, this.upstream, this.retryAfter, this.origin, attempts, this.headers);
	}

	/** What the caller shall see beside the error; not to be modified. */
	public HttpHeaders headers() {
		return this.headers;
	}

	/** The same failure, with what the caller shall see beside it. */
	public LlmException withHeaders(HttpHeaders headers) {
		return new LlmException(this.error, this.upstream, this.retryAfter, this.origin, this.attempts, headers);
	}

	/** Whether it was refused here, before any provider was called. */
	public boolean ownRefusal() {
		return this.origin == Origin.GATEWAY;
	}

	/** The status to answer with: the provider's own where the caller can use it. */
	public int status() {
		if (this.upstream != null && this.upstream.presentable() && this.upstream.status() >= 400
				&& this.error.kind() != ErrorKind.UPSTREAM_AUTHENTICATION) {
			return this.upstream.status();
		}
		return this.error.kind().status();
	}

	/** How far a failed call had got, which decides whether it may be made again. */
	public enum Origin {

		/** It did not leave the gateway. */
		GATEWAY,

		/** There was no connection. */
		CONNECT,

		/** It was sent, perhaps; nobody knows what became of it. */
		EXCHANGE,

		/** The provider answered that it failed. */
		ANSWER

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
