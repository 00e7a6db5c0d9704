package dev.llmproxy.client;

import java.math.BigDecimal;
import java.util.List;

import dev.llmproxy.cache.CacheFilter;
import dev.llmproxy.context.ContextFilter;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.provider.NanoUsd;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * What the gateway did for an answer. Holds nothing of what was said.
 *
 * @param requestId as logs, metrics and the ledger name the call
 * @param route the route that served it; {@code null} if none did
 * @param provider whose answer it is; {@code null} if no provider was asked
 * @param model as that provider names it; {@code null} if no provider was asked
 * @param attempts what was tried, in order; the last one gave the answer
 * @param cost of all attempts, in US dollars; {@code null} if a price is not known
 * @param costEstimated whether some of the cost is an estimate
 * @param cache what the cache did, such as {@code hit}; {@code null} for nothing
 * @param context what was done with a long conversation; {@code null} for nothing
 */
public record CallReport(String requestId, @Nullable String route, @Nullable String provider, @Nullable String model,
		List<AttemptRecord> attempts, @Nullable BigDecimal cost, boolean costEstimated, @Nullable String cache,
		@Nullable String context) {

	/** Under which key libraries with metadata have it. */
	public static final String KEY = "llm-proxy";

	public CallReport {
		attempts = List.copyOf(attempts);
	}

	static CallReport of(LlmRequest request, HttpHeaders headers) {
		List<AttemptRecord> attempts = request.trail().attempts();
		AttemptRecord last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
		Long cost = request.trail().cost();
		return new CallReport(request.id(), request.trail().route(), (last != null) ? last.provider() : null,
				(last != null) ? last.model() : null, attempts, (cost != null) ? NanoUsd.dollars(cost) : null,
				request.trail().estimated(), headers.getFirst(CacheFilter.HEADER),
				headers.getFirst(ContextFilter.HEADER));
	}

}
