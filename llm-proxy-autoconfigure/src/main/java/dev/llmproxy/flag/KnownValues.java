package dev.llmproxy.flag;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.gateway.Flags;
import dev.openfeature.sdk.EvaluationContext;
import org.jspecify.annotations.Nullable;

/**
 * What a server said last, by flag and by who asks. It is asked off the event loops; a
 * value that has become old is given while it is asked again, and kept if it can't be.
 * Thread-safe.
 */
final class KnownValues {

	/** Nobody can tell. Kept as an answer is, so that a dead server is left in peace. */
	private static final Object UNKNOWN = new Object();

	private final AsyncLoadingCache<Question, Object> values;

	private final FlagSource source;

	private final Executor executor;

	/**
	 * Creates them.
	 * @param executor on which the server is asked; may reject
	 * @param most values
	 * @param maxAge after which it is asked again
	 */
	KnownValues(FlagSource source, Executor executor, long most, Duration maxAge) {
		this.source = source;
		this.executor = executor;
		this.values = Caffeine.newBuilder()
			.maximumSize(most)
			.refreshAfterWrite(maxAge)
			.executor(Runnable::run)
			.buildAsync(new Loader());
	}

	/** What is known now; has it asked for if it is not. */
	@Nullable Object now(Question question) {
		CompletableFuture<Object> value = this.values.get(question);
		Object known = value.getNow(UNKNOWN);
		return (known != UNKNOWN) ? known : null;
	}

	/** Completes once the server has told, or can't. */
	CompletableFuture<Object> soon(Question question) {
		return this.values.get(question);
	}

	/** A flag, and who asks. */
	record Question(Flags.Asked asked, EvaluationContext context) {
	}

	private final class Loader implements AsyncCacheLoader<Question, Object> {

		@Override
		public CompletableFuture<Object> asyncLoad(Question question, Executor ignored) {
			CompletableFuture<Object> answer = new CompletableFuture<>();
			try {
				KnownValues.this.executor.execute(() -> ask(question, answer));
			}
			catch (RejectedExecutionException ex) {
				answer.complete(UNKNOWN);
			}
			return answer;
		}

		private void ask(Question question, CompletableFuture<Object> answer) {
			Object value = null;
			try {
				value = KnownValues.this.source.ask(question.asked(), null, question.context());
			}
			finally {
				answer.complete((value != null) ? value : UNKNOWN);
			}
		}

		@Override
		public CompletableFuture<Object> asyncReload(Question question, Object last, Executor ignored) {
			return asyncLoad(question, ignored).thenApply((value) -> (value != UNKNOWN) ? value : last);
		}

	}

}
