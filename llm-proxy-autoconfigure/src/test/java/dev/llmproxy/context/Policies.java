package dev.llmproxy.context;

import java.time.Duration;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import org.jspecify.annotations.Nullable;

/** Policies for tests. */
final class Policies {

	private Policies() {
	}

	static ContextPolicy trim(long maxTokens, TrimOrder order, boolean dropOldMedia) {
		return policy(ContextStrategy.TRIM, maxTokens, order, dropOldMedia, null, null);
	}

	static ContextPolicy of(ContextStrategy strategy, long maxTokens, @Nullable String fallback) {
		return policy(strategy, maxTokens, TrimOrder.MIDDLE_OUT, false, null, fallback);
	}

	static ContextPolicy summarise(long maxTokens, double backgroundAt) {
		return summarise(maxTokens, backgroundAt, 8000, Duration.ofSeconds(10));
	}

	static ContextPolicy summarise(long maxTokens, double backgroundAt, int chunkTokens, Duration timeout) {
		return policy(ContextStrategy.SUMMARISE, maxTokens, TrimOrder.MIDDLE_OUT, false,
				new SummaryPolicy("cheap", SummaryPolicy.PROMPT, 100, chunkTokens, 2, timeout, backgroundAt), null);
	}

	private static ContextPolicy policy(ContextStrategy strategy, long maxTokens, TrimOrder order, boolean dropOldMedia,
			@Nullable SummaryPolicy summary, @Nullable String fallback) {
		return new ContextPolicy(strategy, maxTokens, 100, 0.9, 0.6, order, 0, 2, Set.of("pin"), dropOldMedia, summary,
				fallback, false);
	}

	static Draft draft(ChatRequest chat, ContextPolicy policy) {
		return Draft.of(chat, policy, policy.budget(0, -1), Conversations.COUNTER);
	}

}
