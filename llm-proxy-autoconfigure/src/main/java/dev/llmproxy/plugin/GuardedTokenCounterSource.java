package dev.llmproxy.plugin;

import java.util.List;
import java.util.function.ToLongFunction;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.provider.TokenCounter;
import dev.llmproxy.provider.TokenCounterSource;
import dev.llmproxy.provider.TokenEstimate;
import org.jspecify.annotations.Nullable;

/**
 * A plugin's counters. Counting happens where the count is wanted, so it has no deadline;
 * where it fails an estimate takes its place.
 */
final class GuardedTokenCounterSource implements TokenCounterSource {

	private final TokenCounterSource source;

	private final Guard guard;

	GuardedTokenCounterSource(TokenCounterSource source, Guard guard) {
		this.source = source;
		this.guard = guard;
	}

	@Override
	public @Nullable TokenCounter find(String model) {
		try {
			TokenCounter counter = this.source.find(model);
			return (counter != null) ? new Guarded(counter) : null;
		}
		catch (RuntimeException | LinkageError ex) {
			this.guard.failure(ex);
			return null;
		}
	}

	/** An estimate where the counter fails. */
	private final class Guarded implements TokenCounter {

		private final TokenCounter counter;

		Guarded(TokenCounter counter) {
			this.counter = counter;
		}

		private long count(ToLongFunction<TokenCounter> what) {
			try {
				return Math.max(0, what.applyAsLong(this.counter));
			}
			catch (RuntimeException | LinkageError ex) {
				GuardedTokenCounterSource.this.guard.failure(ex);
				return what.applyAsLong(TokenEstimate.COUNTER);
			}
		}

		@Override
		public long count(String text) {
			return count((counter) -> counter.count(text));
		}

		@Override
		public long count(Part part) {
			return count((counter) -> counter.count(part));
		}

		@Override
		public boolean exact() {
			return this.counter.exact();
		}

		@Override
		public long count(Message message) {
			return count((counter) -> counter.count(message));
		}

		@Override
		public long count(List<Tool> tools) {
			return count((counter) -> counter.count(tools));
		}

		@Override
		public long count(ChatRequest request) {
			return count((counter) -> counter.count(request));
		}

	}

}
