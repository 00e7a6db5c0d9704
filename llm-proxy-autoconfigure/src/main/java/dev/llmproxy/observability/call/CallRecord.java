package dev.llmproxy.observability.call;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a call when it is over. Holds nothing of what was said in it, and
 * not its request, so that it may wait in a queue.
 *
 * @param id the request id
 * @param model as the caller named it; anything may stand there
 * @param route the route that served it; {@code null} if it got to none
 * @param trace {@code null} if nobody traces
 * @param began when it came in
 * @param duration nanoseconds until the end of its answer
 * @param firstToken nanoseconds until its answer began; -1 if none did
 * @param overhead nanoseconds of {@code firstToken} in which no provider was waited for
 * @param status the HTTP status; 499 if the caller left before there was one
 * @param attempts what was tried
 * @param usage the tokens of the answer; {@code null} if nobody told
 * @param finish why the model stopped; {@code null} if nobody told
 * @param cost of all attempts, in nano-USD; {@code null} if it is not known
 * @param estimated whether some of the cost is an estimate
 * @param error what went wrong; {@code null} if nothing did
 * @param cache what the cache did, as the header tells it; {@code null} for nothing
 * @param context what was done with a long conversation, as the header tells it;
 * {@code null} for nothing
 * @param requestBytes of the request's body
 * @param responseBytes of the answer as the provider sent it; 0 where nobody counted
 */
public record CallRecord(String id, Caller caller, Operation operation, Dialect dialect, String model, boolean stream,
		@Nullable String route, @Nullable TraceContext trace, Instant began, long duration, long firstToken,
		long overhead, int status, End end, List<AttemptRecord> attempts, @Nullable Usage usage,
		@Nullable FinishReason finish, @Nullable Long cost, boolean estimated, @Nullable LlmError error,
		@Nullable String cache, @Nullable String context, long requestBytes, long responseBytes) {

	/** The status of callers that did not wait, in nginx's words. */
	public static final int CLIENT_CLOSED_REQUEST = 499;

	/**
	 * The attempt whose answer it is, or that failed last; {@code null} if there was
	 * none.
	 */
	public @Nullable AttemptRecord last() {
		return this.attempts.isEmpty() ? null : this.attempts.get(this.attempts.size() - 1);
	}

	/** How a call may end. */
	public enum End {

		/** The answer is complete. */
		SUCCEEDED,

		/** There was no answer but an error. */
		FAILED,

		/** The answer broke off. */
		BROKEN,

		/** The caller left. */
		CANCELLED;

		private final String label = name().toLowerCase(Locale.ROOT);

		/** The word for it in logs, metrics, spans and events. */
		public String label() {
			return this.label;
		}

	}

}
