package dev.llmproxy.limit;

import java.time.Duration;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;

/** Says to callers, and to planners, what a limit refuses and when to come again. */
final class LimitRefusals {

	private LimitRefusals() {
	}

	static LlmException of(Refusal refusal) {
		Quota quota = refusal.standing().demand().quota();
		Duration wait = refusal.retryAfter();
		String limit = "The limit '" + quota.name() + "' of " + limit(quota, refusal.limited());
		if (wait == null) {
			return LlmException
				.refusal(new LlmError(ErrorKind.RATE_LIMIT,
						limit + " is less than what this one request may use. Shorten the prompt, or ask for a shorter "
								+ "answer with the parameter for its greatest length.",
						"rate_limit_exceeded", null), null);
		}
		return LlmException.refusal(new LlmError(ErrorKind.RATE_LIMIT,
				limit + " is reached. Try again in " + LimitHeaders.duration(wait) + ".", "rate_limit_exceeded", null),
				wait);
	}

	private static String limit(Quota quota, Limited limited) {
		return switch (limited) {
			case REQUESTS -> quota.requests() + " requests in " + LimitHeaders.duration(quota.window());
			case TOKENS -> quota.tokens() + " tokens in " + LimitHeaders.duration(quota.window());
			case CONCURRENCY -> quota.concurrency() + " calls at once";
		};
	}

}
